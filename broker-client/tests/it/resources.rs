//! Everything else that a broker keeps, in Treaty's own one.

use treaty_broker_client::{
    ClientError, EnvironmentChange, NewEnvironment, PacticipantChange, PactsOfProvider, Presence,
    StatesOf, WhichVersion,
};

use crate::own_broker::{client, publish};

#[tokio::test]
async fn a_pacticipant_is_made_changed_labelled_and_deleted() {
    let client = client();
    let name = "A B".parse().unwrap();
    let mut change = PacticipantChange {
        name: "A B".parse().unwrap(),
        display_name: Some("Orders".to_owned()),
        main_branch: None,
        repository_url: None,
    };
    client.create_or_update_pacticipant(&change).await.unwrap();
    change.display_name = None;
    change.main_branch = Some("main".parse().unwrap());
    let changed = client.create_or_update_pacticipant(&change).await.unwrap();
    assert_eq!(changed.display_name.as_deref(), Some("Orders"));
    assert_eq!(changed.main_branch.as_deref(), Some("main"));

    client.add_label(&name, "team/x").await.unwrap();
    let labelled = client.pacticipant(&name).await.unwrap();
    assert_eq!(labelled.labels, ["team/x"]);
    client.remove_label(&name, "team/x").await.unwrap();
    assert!(client.remove_label(&name, "team/x").await.is_err());

    client.delete_pacticipant(&name).await.unwrap();
    let gone = client.pacticipant(&name).await.unwrap_err();
    assert!(matches!(gone, ClientError::Unknown { .. }), "{gone:?}");
}

#[tokio::test]
async fn a_version_is_found_by_number_by_tag_and_as_the_latest() {
    let client = client();
    publish(&client).await;
    let name = "A B".parse().unwrap();
    for which in [
        WhichVersion::Number("1".parse().unwrap()),
        WhichVersion::Latest,
        WhichVersion::LatestWithTag("dev".parse().unwrap()),
    ] {
        let version = client.describe_version(&name, &which).await.unwrap();
        assert_eq!(version.number, "1", "{which:?}");
        assert_eq!(version.branches, ["feat/x"], "{which:?}");
        assert_eq!(version.tags, ["dev"], "{which:?}");
    }
    let none = WhichVersion::LatestWithTag("prod".parse().unwrap());
    let error = client.describe_version(&name, &none).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the broker has no version of \"A B\" with the tag \"prod\""
    );
    let branch = client.branches(&name).await.unwrap();
    assert_eq!(branch[0].name, "feat/x");
    client
        .delete_branch(&name, &"feat/x".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(client.branches(&name).await.unwrap(), []);
    client
        .delete_version(&name, &"1".parse().unwrap())
        .await
        .unwrap();
    assert!(
        client
            .describe_version(&name, &WhichVersion::Latest)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_environment_keeps_what_a_change_does_not_name() {
    let client = client();
    let new = NewEnvironment {
        name: "test".parse().unwrap(),
        display_name: Some("Test".to_owned()),
        production: true,
        contact: None,
    };
    let uuid = client.create_environment(&new).await.unwrap().uuid;
    let change = EnvironmentChange {
        name: Some("uat".parse().unwrap()),
        ..EnvironmentChange::default()
    };
    client.update_environment(&uuid, &change).await.unwrap();
    let changed = client.environment(&uuid).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.production), ("uat", true));
    assert_eq!(changed.display_name.as_deref(), Some("Test"));
    client.delete_environment(&uuid).await.unwrap();
    assert_eq!(client.environments().await.unwrap(), []);
}

#[tokio::test]
async fn releases_live_side_by_side_until_their_support_ends() {
    let client = client();
    let (name, place) = ("A".parse().unwrap(), "production".parse().unwrap());
    let new = NewEnvironment {
        name: "production".parse().unwrap(),
        display_name: None,
        production: true,
        contact: None,
    };
    client.create_environment(&new).await.unwrap();
    for number in ["1", "2"] {
        let number = number.parse().unwrap();
        client
            .create_or_update_version(&name, &number, None, &[])
            .await
            .unwrap();
        client.record_release(&name, &number, &place).await.unwrap();
    }
    let there = client.versions_in_environment(&name, &place, &[Presence::Released]);
    assert_eq!(there.await.unwrap().len(), 2);
    let first = "1".parse().unwrap();
    let ended = client.record_support_ended(&name, &first, &place).await;
    assert_eq!(ended.unwrap().len(), 1);
    let again = client.record_support_ended(&name, &first, &place).await;
    assert_eq!(again.unwrap_err().to_string(), "A 1 is not in production");
    let undeployed = client.record_undeployment(&name, &place, None).await;
    assert_eq!(
        undeployed.unwrap_err().to_string(),
        "A is not in production"
    );
}

#[tokio::test]
async fn the_pacts_of_a_provider_are_listed_by_branch_and_consumer() {
    let client = client();
    publish(&client).await;
    let latest = client.latest_pacts().await.unwrap();
    assert_eq!(latest[0].consumer.as_str(), "A B");
    let mut wanted = PactsOfProvider {
        provider: "C/D".parse().unwrap(),
        consumer: None,
        branch: Some("feat/x".parse().unwrap()),
        latest: true,
    };
    let pacts = client.pacts_of_provider(&wanted).await.unwrap();
    assert_eq!(pacts[0].document["consumer"]["name"], "A B");
    wanted.consumer = Some("Other".parse().unwrap());
    assert_eq!(client.pacts_of_provider(&wanted).await.unwrap(), []);
    // A broker that cannot list states is told as such.
    let states = client.provider_states(&wanted.provider, &StatesOf::MainBranch);
    if let Err(error) = states.await {
        let text = "the broker has no list of provider states of \"C/D\"";
        assert_eq!(error.to_string(), text);
    }
}
