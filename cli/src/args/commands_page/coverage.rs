//! Which commands and flags the tests run as a process, by the texts in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{Ident, ImplItem, Item, LitStr, Macro, UseTree};

use super::Args;

/// For each command, the words that tests put behind it.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    words: BTreeMap<String, BTreeSet<String>>,
}

/// A file of tests.
struct File {
    pieces: BTreeMap<String, Piece>,
    /// The module of each name that is another file's.
    imported: BTreeMap<String, String>,
}

/// A function or constant of a test file: its texts, and what else it names.
#[derive(Debug, Default, Clone)]
struct Piece {
    texts: Vec<String>,
    names: BTreeSet<String>,
    is_test: bool,
}

impl Coverage {
    pub(super) fn of_tests(directory: &Path) -> Self {
        let mut coverage = Self::default();
        let commands = Args::command();
        let commands: BTreeSet<&str> = commands.get_subcommands().map(|c| c.get_name()).collect();
        let files = files(directory);
        for (module, file) in &files {
            for piece in file.pieces.values().filter(|piece| piece.is_test) {
                coverage.take(&whole(module, piece, &files), &commands);
            }
        }
        coverage
    }

    /// A text that names a command is about that one, another text about all commands of its test.
    fn take(&mut self, texts: &[String], commands: &BTreeSet<&str>) {
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|c: char| c.is_whitespace() || "='\"".contains(c));
            words.map(str::to_owned).collect()
        };
        let named = |text: &str| -> Vec<String> {
            let words = words(text).into_iter();
            words
                .filter(|word| commands.contains(word.as_str()))
                .collect()
        };
        let all: BTreeSet<String> = texts.iter().flat_map(|text| named(text)).collect();
        for text in texts {
            let here = named(text);
            let about: Vec<&String> = match here.first() {
                Some(first) => vec![first],
                None => all.iter().collect(),
            };
            for command in about {
                let known = self.words.entry(command.clone()).or_default();
                known.extend(words(text));
            }
        }
    }

    /// Whether a test runs the command.
    pub(super) fn runs(&self, command: &str) -> bool {
        let words: Vec<&str> = command.split(' ').collect();
        self.words
            .get(words[0])
            .is_some_and(|known| words.iter().all(|word| known.contains(*word)))
    }

    /// Whether a test runs the command with the word. One test asks every command for help.
    pub(super) fn uses(&self, command: &str, word: &str) -> bool {
        let known = self
            .words
            .get(command.split(' ').next().unwrap_or_default());
        word == "--help" || known.is_some_and(|known| known.contains(word))
    }

    /// Whether a test runs any command with the word.
    pub(super) fn uses_anywhere(&self, word: &str) -> bool {
        word == "--help" || self.words.values().any(|known| known.contains(word))
    }
}

/// The texts of a test, with those of the functions and constants that it names: of its file, or imported by their name.
fn whole(module: &str, test: &Piece, files: &BTreeMap<String, File>) -> Vec<String> {
    let (mut texts, mut seen) = (test.texts.clone(), BTreeSet::new());
    let named = |module: &str, piece: &Piece| -> Vec<(String, String)> {
        let imported = &files[module].imported;
        let names = piece.names.iter();
        let at = |name: &String| imported.get(name).map_or(module, String::as_str).to_owned();
        names.map(|name| (at(name), name.clone())).collect()
    };
    let mut left = named(module, test);
    while let Some((module, name)) = left.pop() {
        let piece = files.get(&module).and_then(|file| file.pieces.get(&name));
        let piece = piece.filter(|piece| !piece.is_test);
        if let Some(piece) = piece.filter(|_| seen.insert((module.clone(), name))) {
            texts.extend(piece.texts.clone());
            left.extend(named(&module, piece));
        }
    }
    texts
}

fn files(directory: &Path) -> BTreeMap<String, File> {
    let paths = fs::read_dir(directory).unwrap();
    let paths = paths.map(|entry| entry.unwrap().path());
    let sources = paths.filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let file = |path: std::path::PathBuf| {
        let source = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file = File {
            imported: imported(&source),
            pieces: pieces(source),
        };
        (module, file)
    };
    sources.map(file).collect()
}

/// The module of each name that `use crate::MODULE::NAME` brings in.
fn imported(source: &syn::File) -> BTreeMap<String, String> {
    let mut imported = BTreeMap::new();
    for item in &source.items {
        if let Item::Use(line) = item
            && let UseTree::Path(root) = &line.tree
            && root.ident == "crate"
            && let UseTree::Path(module) = &*root.tree
        {
            let names = match &*module.tree {
                UseTree::Group(group) => group.items.iter().collect(),
                one => vec![one],
            };
            for name in names {
                if let UseTree::Name(name) = name {
                    imported.insert(name.ident.to_string(), module.ident.to_string());
                }
            }
        }
    }
    imported
}

fn pieces(file: syn::File) -> BTreeMap<String, Piece> {
    let mut pieces = BTreeMap::new();
    for item in file.items {
        match item {
            Item::Fn(function) => {
                let is_test = function.attrs.iter().any(|a| a.path().is_ident("test"));
                let mut piece = Piece {
                    is_test,
                    ..Piece::default()
                };
                piece.visit_item_fn(&function);
                pieces.insert(function.sig.ident.to_string(), piece);
            }
            Item::Const(constant) => {
                let mut piece = Piece::default();
                piece.visit_expr(&constant.expr);
                pieces.insert(constant.ident.to_string(), piece);
            }
            Item::Impl(block) => {
                for item in block.items {
                    if let ImplItem::Fn(function) = item {
                        let mut piece = Piece::default();
                        piece.visit_block(&function.block);
                        pieces.insert(function.sig.ident.to_string(), piece);
                    }
                }
            }
            _ => {}
        }
    }
    pieces
}

impl Piece {
    /// Takes in a text, and the names between braces that formatting fills in.
    fn read(&mut self, text: &str) {
        for part in text.split('{').skip(1) {
            if let Some((name, _)) = part.split_once('}') {
                self.names.insert(name.to_owned());
            }
        }
        self.texts.push(text.to_owned());
    }
}

/// Walks through what Rust sees of an item, and through the tokens of the macros in it.
impl<'ast> Visit<'ast> for Piece {
    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.read(&text.value());
    }

    fn visit_ident(&mut self, name: &'ast Ident) {
        self.names.insert(name.to_string());
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        collect(called.tokens.clone(), self);
    }
}

fn collect(tokens: TokenStream, piece: &mut Piece) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), piece),
            TokenTree::Ident(name) => {
                piece.names.insert(name.to_string());
            }
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                    piece.read(&text.value());
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}
