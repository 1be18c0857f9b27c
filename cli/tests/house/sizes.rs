use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, ItemFn, ItemMod, TraitItemFn};

use crate::{FOLDERS, sources};

/// The longest file, in lines without its tests. The aim is 250.
const FILE_LINES_MAX: usize = 500;
/// The longest function, in lines from its name to its end. The aim is 30.
const FUNCTION_LINES_MAX: usize = 70;

#[test]
fn no_file_outgrows_its_limit() {
    for (file, text) in all_sources("src").chain(all_sources("tests")) {
        let syntax = syn::parse_file(&text).unwrap();
        let tests: usize = syntax.items.iter().map(test_lines).sum();
        let lines = text.lines().count() - tests;
        assert!(
            lines <= FILE_LINES_MAX,
            "{file} has {lines} lines, {FILE_LINES_MAX} are the limit"
        );
    }
}

#[test]
fn no_function_outgrows_a_screen() {
    let mut long = Vec::new();
    for (file, text) in all_sources("src") {
        let mut functions = Functions {
            file,
            long: Vec::new(),
        };
        functions.visit_file(&syn::parse_file(&text).unwrap());
        long.extend(functions.long);
    }
    assert_eq!(
        long,
        Vec::<String>::new(),
        "{FUNCTION_LINES_MAX} lines are the limit"
    );
}

#[test]
fn a_crates_first_page_is_a_table_of_contents() {
    for (file, text) in all_sources("src") {
        if file.ends_with("/lib.rs") && !file.starts_with("examples/") {
            let syntax = syn::parse_file(&text).unwrap();
            let contents = |item: &syn::Item| matches!(item, syn::Item::Mod(_) | syn::Item::Use(_));
            assert!(
                syntax.items.iter().all(contents),
                "{file} holds more than `mod` and `pub use`"
            );
        }
    }
}

/// All sources below this folder of each package, but those whose first line says that they are a table or generated.
fn all_sources(below: &str) -> impl Iterator<Item = (String, String)> {
    let all = FOLDERS
        .into_iter()
        .flat_map(move |folder| sources(&format!("{folder}/{below}")));
    all.filter(|(_, text)| {
        let first = text.lines().next().unwrap_or_default().to_lowercase();
        !first.starts_with("//") || !(first.contains("generated") || first.contains("table:"))
    })
}

fn test_lines(item: &syn::Item) -> usize {
    match item {
        syn::Item::Mod(module) if is_test(&module.attrs) => lines(module.span()),
        _ => 0,
    }
}

struct Functions {
    file: String,
    long: Vec<String>,
}

impl Functions {
    fn check(&mut self, name: &syn::Ident, span: Span) {
        let lines = lines(span);
        if lines > FUNCTION_LINES_MAX {
            self.long
                .push(format!("{}: {name} has {lines} lines", self.file));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.check(
            &function.sig.ident,
            function.sig.span().join(function.block.span()).unwrap(),
        );
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.check(
            &function.sig.ident,
            function.sig.span().join(function.block.span()).unwrap(),
        );
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        self.check(&function.sig.ident, function.span());
        visit::visit_trait_item_fn(self, function);
    }
}

fn lines(span: Span) -> usize {
    span.end().line + 1 - span.start().line
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|cfg| cfg == "test")
    })
}
