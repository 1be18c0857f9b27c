use super::*;

const ACTS: [Act<'_>; 11] = [
    Act::Probe,
    Act::Badge,
    Act::Read,
    Act::Publish("Web"),
    Act::Publish("App"),
    Act::Verify("Web"),
    Act::Verify("App"),
    Act::Describe("Web"),
    Act::Describe("App"),
    Act::Deploy("test"),
    Act::Administer,
];

fn known(scopes: &[&str]) -> Caller {
    Caller::Known {
        name: "token 1".to_owned(),
        scopes: scopes
            .iter()
            .map(|scope| Scope::parse(scope).unwrap())
            .collect(),
    }
}

/// One letter for each act: Yes, No, Who are you?
#[track_caller]
fn check(rules: Rules, caller: &Caller, expected: &str) {
    let letter = |act| match decide(rules, caller, act) {
        Decision::Allowed => 'Y',
        Decision::Refused(_) => 'N',
        Decision::NeedsCredentials => 'W',
    };
    let actual: String = ACTS.iter().map(letter).collect();
    assert_eq!(actual, expected);
}

#[test]
fn each_scope_allows_what_it_says_and_to_read() {
    let rules = Rules::default();
    //                                             probe badge read, publish*2, verify*2, describe*2, deploy, admin
    check(rules, &known(&["read"]), "YYYNNNNNNNN");
    check(rules, &known(&["publish:Web"]), "YYYYNNNYNNN");
    check(rules, &known(&["verify:Web"]), "YYYNNYNYNNN");
    check(rules, &known(&["deploy:test"]), "YYYNNNNNNYN");
    check(rules, &known(&["deploy:production"]), "YYYNNNNNNNN");
    check(rules, &known(&["publish:*"]), "YYYYYNNYYNN");
    check(rules, &known(&["publish:Web", "verify:App"]), "YYYYNNYYYNN");
    check(rules, &known(&["admin"]), "YYYYYYYYYYY");
    check(rules, &known(&[]), "NNNNNNNNNNN");
}

#[test]
fn who_does_not_say_who_they_are_may_do_what_is_public() {
    let public = |read, probe, badges| Rules {
        everything: false,
        read,
        probe,
        badges,
    };
    check(public(false, false, false), &Caller::Unknown, "WWWWWWWWWWW");
    check(public(false, true, false), &Caller::Unknown, "YWWWWWWWWWW");
    check(public(false, false, true), &Caller::Unknown, "WYWWWWWWWWW");
    check(public(true, false, false), &Caller::Unknown, "YYYWWWWWWWW");
    let everything = Rules {
        everything: true,
        ..Rules::default()
    };
    check(everything, &Caller::Unknown, "YYYYYYYYYYY");
    check(everything, &known(&[]), "YYYYYYYYYYY");
}

#[test]
fn a_refusal_says_what_it_takes_and_what_there_is() {
    let refused = |act: Act<'_>| decide(Rules::default(), &known(&["publish:App", "read"]), &act);
    assert_eq!(
        refused(Act::Describe("Web")),
        Decision::Refused(
            "This needs publish:Web or verify:Web; token 1 has publish:App, read.".to_owned()
        )
    );
}

#[test]
fn a_scope_is_read_as_it_is_written() {
    for text in [
        "read",
        "publish:Order Service",
        "verify:a:b",
        "deploy:test",
        "admin",
    ] {
        assert_eq!(Scope::parse(text).unwrap().to_string(), text);
    }
    for text in [
        "",
        "write",
        "publish",
        "publish:",
        "publish: ",
        "admin:x",
        "Read",
    ] {
        let fault = Scope::parse(text).unwrap_err();
        assert!(fault.ends_with(FORMS), "{fault}");
    }
}
