//! A standby that is promoted has all that the primary acknowledged.

use crate::load::{found, interrupted};
use crate::session::Target;
use aludel_test_services::{Kind, Profile, Services};

#[test]
fn a_promoted_standby_has_every_commit_that_the_killed_primary_acknowledged() {
    let test = "a_promoted_standby_has_every_commit_that_the_killed_primary_acknowledged";
    let Some(services) = Services::own(test, &[Kind::PgHa], Profile::Durable) else { return };
    let target = |prefix| Target { vars: services.vars(), prefix };
    let (primary, standby) = (services.server(Kind::PgHa), services.standby());
    let message = primary.promote().unwrap_err();
    assert_eq!(message, "cannot promote pg-ha-primary: it is no standby");
    let acknowledged = interrupted(target("PG_HA_PRIMARY"), || primary.kill().unwrap());
    let target = target("PG_HA_STANDBY");
    assert_eq!(target.ask("select pg_is_in_recovery()"), "t");
    standby.promote().unwrap();
    assert_eq!(target.ask("select pg_is_in_recovery()"), "f");
    found(target, &acknowledged);
    // It waits for no standby.
    target.ask("insert into acknowledged values (-1)");
}
