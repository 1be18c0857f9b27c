//! Guards against a second pacticipant that is a misspelt first one.

/// Words that say nothing about which application is meant.
const EMPTY_WORDS: [&str; 3] = ["api", "provider", "service"];

/// The existing names that a new name is probably meant to be; none if the new name exists already.
pub(crate) fn similar_names(name: &str, existing: &[String]) -> Vec<String> {
    if existing.iter().any(|known| known == name) {
        return Vec::new();
    }
    let words = significant_words(name);
    existing
        .iter()
        .filter(|known| significant_words(known) == words)
        .cloned()
        .collect()
}

fn significant_words(name: &str) -> Vec<String> {
    let words = words(name);
    words
        .into_iter()
        .map(singular)
        .filter(|word| !EMPTY_WORDS.contains(&word.as_str()))
        .collect()
}

fn singular(word: String) -> String {
    match word.strip_suffix('s') {
        Some(stem) if !stem.is_empty() => stem.to_owned(),
        _ => word,
    }
}

/// The words of a name: parted by spaces, dashes, underscores, or a capital after a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous_is_small = false;
    for character in name.chars() {
        let parts = matches!(character, ' ' | '-' | '_');
        if parts || (previous_is_small && character.is_uppercase()) {
            words.push(String::new());
        }
        if !parts && let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
        previous_is_small = character.is_lowercase() || character.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, similar: bool) {
        let existing = ["ShopFront".to_owned()];
        assert_eq!(
            !similar_names(name, &existing).is_empty(),
            similar,
            "{name}"
        );
    }

    #[test]
    fn other_spellings_of_the_same_words_are_similar() {
        for name in [
            "shop-front",
            "Shop Front",
            "shop_front",
            "ShopFronts",
            "ShopFrontService",
        ] {
            check(name, true);
        }
    }

    #[test]
    fn other_words_and_the_name_itself_are_not() {
        for name in [
            "ShopFront",
            "SHOPFRONT",
            "Shop::Front",
            "ShopFront2",
            "Shop",
        ] {
            check(name, false);
        }
    }
}
