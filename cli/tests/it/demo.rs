//! `treaty demo`.

use crate::command::Place;

#[test]
fn the_story_goes_as_told_and_leaves_nothing_behind() {
    let mut place = Place::new();
    place.set("PACT_BROKER_BASE_URL", "http://broker.invalid");
    let told = place.run("demo").ends_with(0);
    let told = told.says("$.email").says("The story went as told");
    assert_eq!(told.stderr, "");
    assert_eq!(std::fs::read_dir(place.path("")).unwrap().count(), 0);
}
