#!/usr/bin/env bash
# Makes the images in this folder with zig as a cross compiler; see README.md.
set -eu
cd "$(dirname "$0")"
zig=${ZIG:-python3 -m ziglang}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
export ZIG_LOCAL_CACHE_DIR=$work/cache

# make <file> <zig's target> <Rust's target> <source> [flags]
make() {
    local file=$1 target=$2 triple=$3 source=$4
    shift 4
    # The linker leaves other files beside a DLL.
    $zig cc -target "$target" -shared -fPIC -Os -s -I ../../../core/include \
        -DALUDEL_TARGET="\"$triple\"" "$@" -o "$work/$file" "$source"
    install -m 644 "$work/$file" "$file"
}

windows=$($zig env | sed -n 's/.*lib_dir = "\(.*\)",/\1/p')/libc/include/any-windows-any
bare="-nostdlib -isystem $windows -Wl,--no-entry"
# Without a name, the path of the output becomes part of the image.
name=-Wl,-install_name,@rpath/libaludel_image.dylib

make elf-x86_64.so x86_64-linux-gnu x86_64-unknown-linux-gnu plugin.c
make elf-aarch64.so aarch64-linux-gnu aarch64-unknown-linux-gnu plugin.c
make elf-s390x.so s390x-linux-gnu s390x-unknown-linux-gnu plugin.c
make elf-x86.so x86-linux-gnu i686-unknown-linux-gnu note32.c
make macho-x86_64.dylib x86_64-macos x86_64-apple-darwin plugin.c $name
make macho-aarch64.dylib aarch64-macos aarch64-apple-darwin plugin.c $name
make pe-x86_64.dll x86_64-windows-gnu x86_64-pc-windows-gnu plugin.c $bare
make pe-aarch64.dll aarch64-windows-gnu aarch64-pc-windows-gnullvm plugin.c $bare
make pe-x86.dll x86-windows-gnu i686-pc-windows-gnu note32.c $bare

# The libraries that elf-needs.so asks for exist while it is linked.
echo 'int absent(void) { return 0; }' > "$work/absent.c"
echo 'int from_the_future(void) { return 0; }' > "$work/libc.c"
echo 'GLIBC_2.99 { global: from_the_future; };' > "$work/libc.map"
stub="-target x86_64-linux-gnu -shared -fPIC -nostdlib"
$zig cc $stub -Wl,-soname,libaludel_absent.so.1 -o "$work/libabsent.so" "$work/absent.c"
$zig cc $stub -Wl,-soname,libc.so.6 -Wl,--version-script="$work/libc.map" \
    -o "$work/libfuture.so" "$work/libc.c"
make elf-needs.so x86_64-linux-gnu x86_64-unknown-linux-gnu needs.c -nodefaultlibs \
    -L "$work" -labsent -lfuture "-Wl,-rpath,\$ORIGIN/lib:/opt/lib" -Wl,--enable-new-dtags

make elf-rpath.so x86_64-linux-gnu x86_64-unknown-linux-gnu plugin.c -Wl,--disable-new-dtags \
    "-Wl,-rpath,\$ORIGIN/lib" -Wl,-soname,libaludel_known.so.1

# A universal binary is a table of big-endian words, and the images where their pages begin.
words() {
    for word in "$@"; do
        printf '%08x' "$word" | sed 's/../\\x&/g' | xargs -0 printf
    done
}
one=$(stat -c %s macho-x86_64.dylib) two=$(stat -c %s macho-aarch64.dylib)
words 0xcafebabe 2 \
    0x01000007 3 0x1000 "$one" 12 \
    0x0100000c 0 0x8000 "$two" 14 > macho-universal.dylib
dd status=none if=macho-x86_64.dylib of=macho-universal.dylib bs=4096 seek=1
dd status=none if=macho-aarch64.dylib of=macho-universal.dylib bs=4096 seek=8
