//! The types, the kind of value that each of them is read as, and literals of each.

/// A type and values of it.
pub(crate) struct Case {
    /// As SQL text writes it.
    pub(crate) sql_type: &'static str,
    /// [`aludel::ValueRef::kind_name`] of every value.
    pub(crate) kind: &'static str,
    pub(crate) literals: &'static [&'static str],
}

macro_rules! cases {
    ($($sql_type:literal $kind:literal [$($literal:literal),* $(,)?])*) => {
        pub(crate) const CASES: &[Case] = &[$(
            Case { sql_type: $sql_type, kind: $kind, literals: &[$($literal),*] }
        ),*];
    };
}

cases! {
    "boolean" "bool" ["t", "f"]
    "smallint" "i64" ["0", "1", "-1", "32767", "-32768"]
    "integer" "i64" ["0", "7", "-7", "2147483647", "-2147483648"]
    "bigint" "i64" ["0", "-1", "9223372036854775807", "-9223372036854775808"]
    "oid" "i64" ["0", "16384", "4294967295"]
    "xid" "i64" ["3", "4294967295"]
    "cid" "i64" ["0", "4294967295"]
    "xid8" "u64" ["0", "18446744073709551615"]
    "real" "f32" ["0", "-0", "1.5", "0.1", "3.4028235e38", "1e-45", "NaN", "Infinity", "-Infinity"]
    "double precision" "f64" [
        "0", "-0", "1.5", "0.1", "1e15", "1e16", "123456789012345680", "1.7976931348623157e308",
        "5e-324", "2.2250738585072014e-308", "NaN", "Infinity", "-Infinity", "0.0001", "0.00001",
    ]
    "numeric" "decimal" [
        "0", "0.0", "0.000", "1", "-1", "1.50", "-1.50", "0.1", "0.0001", "0.00001", "-0.00001234",
        "9999", "10000", "10001", "99999999", "100000000", "12345678901234567890.1234567890",
        "1e30", "1.000000000000000000000000000000000000", "123e-20", "-79228162514264337593543950335",
        "340282366920938463463374607431768211456", "NaN", "Infinity", "-Infinity", "1e1000", "1e-1000",
    ]
    "numeric(10,2)" "decimal" ["0", "1.005", "-99999999.99", "NaN"]
    "numeric(4,-2)" "decimal" ["12345", "-149"]
    "money" "other" ["0", "12.34", "-1234567.89"]
    "text" "text" [
        "", "a", "a b", "NULL", "quote ' and \"", "back\\slash", "{1,2}", "(a,b)", "ünïcödé ☃ 𝄞",
        "tab\tand return\r", "  spaces  ", "%s $1 :x ?",
    ]
    "character varying" "text" ["", "abc", "é"]
    "character varying(3)" "text" ["abc", "é"]
    "character(5)" "text" ["", "abc", "abcde", "é"]
    "name" "text" ["", "pg_class"]
    "\"char\"" "text" ["", "a", "\\", "~"]
    "xml" "text" ["<a/>", "<a b=\"c\">text &amp; more</a>", "<?xml version=\"1.0\"?><a>é</a>"]
    "bytea" "bytes" ["", "\\x00", "\\x00ff10", "\\xdeadbeef", "\\x5c5c27"]
    "date" "date" [
        "2000-01-01", "1999-12-31", "1970-01-01", "2024-02-29", "0001-01-01", "0001-12-31 BC",
        "4713-11-24 BC", "5874897-12-31", "12345-06-07", "infinity", "-infinity",
    ]
    "time" "time" ["00:00:00", "00:00:00.000001", "12:30:00.5", "23:59:59.999999", "24:00:00"]
    "time(3)" "time" ["12:30:00.1239"]
    "time with time zone" "time" [
        "12:30:00+00", "12:30:00.25+05:30", "00:00:00-12", "24:00:00+15:59", "23:59:59.999999-15:59",
    ]
    "timestamp" "timestamp" [
        "2000-01-01 00:00:00", "1999-12-31 23:59:59.999999", "1970-01-01 00:00:00",
        "2024-02-29 12:30:00.5", "0001-01-01 00:00:00", "0001-12-31 23:59:59 BC",
        "4713-11-24 00:00:00 BC", "10000-01-01 00:00:00", "294246-12-31 23:59:59.999999",
        "infinity", "-infinity",
    ]
    "timestamp(0)" "timestamp" ["2024-02-29 12:30:00.5"]
    "timestamp with time zone" "timestamptz" [
        "2000-01-01 00:00:00+00", "2024-02-29 12:30:00.5+05:30", "1969-12-31 23:59:59.999999-12",
        "1883-11-18 12:00:00+00", "0044-03-15 12:00:00+00 BC", "10000-01-01 00:00:00+00",
        "294246-12-31 00:00:00+00", "infinity", "-infinity",
    ]
    "interval" "interval" [
        "0", "1 day", "1 mon", "1 year", "-1 day", "01:02:03", "-00:00:00.000001", "25:00:00",
        "1 year 2 mons 3 days 04:05:06.789", "-1 year -2 mons +3 days -04:05:06.7",
        "1 mon -1 days", "178000000 years", "-178000000 years", "1 day -00:00:01", "2147483647 days",
    ]
    "interval day to second(3)" "interval" ["1 day 02:03:04.5678"]
    "uuid" "uuid" [
        "00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ]
    "json" "json" ["null", "{}", "{\"a\" : [1, 2.50, \"x\\u00e9\"]}", "\"text\"", "  [ ]  "]
    "jsonb" "json" ["null", "{}", "{\"b\": 1, \"a\": [1, 2.50, \"é\"]}", "\"text\"", "1e5"]
    "jsonpath" "other" ["$.\"a\"[*]", "$"]
    "inet" "other" [
        "127.0.0.1", "10.1.2.3/8", "0.0.0.0/0", "::1", "::/0", "2001:db8::ff00:42:8329/64",
        "::ffff:1.2.3.4", "::1.2.3.4", "1::2:0:0:3",
    ]
    "cidr" "other" ["192.168.0.0/16", "10.0.0.1/32", "2001:db8::/32", "::/0"]
    "macaddr" "other" ["08:00:2b:01:02:03"]
    "macaddr8" "other" ["08:00:2b:01:02:03:04:05"]
    "bit(4)" "other" ["1010"]
    "bit varying" "other" ["", "1", "101010101"]
    "point" "other" ["(1.5,-2)"]
    "line" "other" ["{1,2,3}"]
    "lseg" "other" ["[(0,0),(1,1)]"]
    "box" "other" ["(2,2),(0,0)"]
    "path" "other" ["((0,0),(1,1))", "[(0,0),(1,1)]"]
    "polygon" "other" ["((0,0),(1,1),(2,0))"]
    "circle" "other" ["<(1,2),3>"]
    "tsvector" "other" ["", "'a':1 'b':2A"]
    "tsquery" "other" ["'a' & !'b'"]
    "pg_lsn" "other" ["16/B374D848"]
    "tid" "other" ["(0,1)"]
    "txid_snapshot" "other" ["10:20:10,14"]
    "regclass" "other" ["pg_class", "-"]
    "regtype" "other" ["integer"]
    "int2vector" "other" ["", "1 2 3"]
    "oidvector" "other" ["1 2"]
    "int4range" "other" ["empty", "[1,5)", "(,5)", "[1,)", "(,)"]
    "int8range" "other" ["[1,9223372036854775807)"]
    "numrange" "other" ["[1.50,2.0]", "(,NaN)"]
    "tsrange" "other" ["[\"2024-01-01 00:00:00\",\"2024-02-29 12:30:00.5\")"]
    "daterange" "other" ["[2024-01-01,infinity)"]
    "int4multirange" "other" ["{}", "{[1,5),[7,9)}"]
    "boolean[]" "array" ["{t,f,NULL}"]
    "smallint[]" "array" ["{}", "{1,-1,NULL}"]
    "integer[]" "array" [
        "{}", "{1}", "{1,NULL,3}", "{NULL}", "{{1,2},{3,4}}", "{{{1},{2}},{{3},{NULL}}}",
        "[0:1]={7,8}", "[-3:-2][5:6]={{1,2},{3,4}}", "[2:2][1:1][0:0]={{{5}}}",
    ]
    "bigint[]" "array" ["{9223372036854775807,-9223372036854775808}"]
    "real[]" "array" ["{1.5,-2.25,NULL}"]
    "double precision[]" "array" ["{1.5,0.1,NaN,Infinity,-Infinity}"]
    "numeric[]" "array" ["{1.50,NULL,NaN,-0.0001}"]
    "text[]" "array" [
        "{}", "{a,b}", "{\"\"}", "{NULL,\"NULL\",\"null\"}", "{\"a b\",\"c,d\",\"{e}\"}",
        "{\"quote \\\" and \\\\\"}", "{{a,b},{c,NULL}}", "[5:6]={x,y}", "{\" é \",☃}",
    ]
    "character varying(5)[]" "array" ["{abc,NULL}"]
    "character(3)[]" "array" ["{ab,abc}"]
    "\"char\"[]" "array" ["{a,b}"]
    "bytea[]" "array" ["{\"\\\\x00ff\",NULL,\"\\\\x\"}"]
    "date[]" "array" ["{2024-02-29,infinity,NULL}"]
    "time[]" "array" ["{12:30:00.5,24:00:00}"]
    "time with time zone[]" "array" ["{12:30:00+05:30}"]
    "timestamp[]" "array" ["{\"2024-02-29 12:30:00\",NULL,-infinity}"]
    "timestamp with time zone[]" "array" ["{\"2024-02-29 12:30:00+00\",infinity}"]
    "interval[]" "array" ["{\"1 day\",\"-1 mons +3 days -00:00:01\",NULL}"]
    "uuid[]" "array" ["{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,NULL}"]
    "json[]" "array" ["{\"{\\\"a\\\": 1}\",NULL,null}"]
    "jsonb[]" "array" ["{\"{\\\"a\\\": [1, 2]}\",NULL}"]
    "inet[]" "array" ["{10.0.0.1,::1/64,NULL}"]
    "bit varying[]" "array" ["{101,NULL,\"\"}"]
    "oid[]" "array" ["{0,4294967295}"]
    "point[]" "array" ["{\"(1,2)\",NULL}"]
    "box[]" "array" ["{(2,2),(0,0);(3,3),(1,1)}"]
    "int4range[]" "array" ["{\"[1,5)\",empty,NULL}"]
    "xml[]" "array" ["{<a/>}"]
    "money[]" "array" ["{$1.50,NULL}"]
}
