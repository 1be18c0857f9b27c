//! Inputs one after the other, each from its own seed, and what is said of one that fails.

use std::any::Any;
use std::cell::Cell;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::{env, fs};

use fastrand::Rng;

const INPUTS_VARIABLE: &str = "TREATY_FUZZ_INPUTS";
const SEED_VARIABLE: &str = "TREATY_FUZZ_SEED";
/// Enough for every change; the long run is by hand.
const INPUTS: u64 = 2_000;
const SEED: u64 = 0x7_2EA7;
/// Reading a document of some kilobytes must not take a thousand times as much. All tests of this binary share it.
const MEMORY_KIB_MAX: u64 = 2 * 1024 * 1024;
/// How often a failing input is made smaller.
const SHRINKS_MAX: usize = 400;
const TOLD_EVERY: u64 = 50_000;

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// How many inputs, as a share of the usual number.
pub(crate) fn inputs(share: u64) -> u64 {
    (number(INPUTS_VARIABLE).unwrap_or(INPUTS) / share).max(1)
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok().filter(|text| !text.is_empty())?;
    let text = text.replace('_', "");
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")),
    )
}

/// Runs the inputs that `make` makes through `run`, which must not panic, whatever they are.
pub(crate) fn campaign(
    name: &str,
    inputs: u64,
    make: impl Fn(&mut Rng) -> Vec<u8>,
    run: impl Fn(&[u8]),
) {
    quiet_while_shrinking();
    let seed = number(SEED_VARIABLE).unwrap_or(SEED);
    tell(&format!("{name}: {inputs} inputs, {SEED_VARIABLE}={seed}"));
    let current = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
    for place in 0..inputs {
        // Of one input alone, so that any of them can be had again without those before it.
        let input = make(&mut Rng::with_seed(
            seed.wrapping_add(place.wrapping_mul(0x9E37_79B9)),
        ));
        // Before it runs: what ends the whole process can be read there afterwards.
        fs::write(&current, &input).unwrap();
        if let Some(said) = failure(&run, &input) {
            let small = smallest(&run, input);
            let file = kept(&current, &small);
            let text = String::from_utf8_lossy(&small).into_owned();
            panic!(
                "{name}: input {place} of seed {seed}: {said}\n{text}\nkept in {}",
                file.display()
            );
        }
        if (place + 1) % TOLD_EVERY == 0 {
            tell(&format!(
                "{name}: {} inputs, {} KiB",
                place + 1,
                memory_kib()
            ));
        }
    }
    let memory = memory_kib();
    assert!(memory <= MEMORY_KIB_MAX, "{name} took {memory} KiB");
    fs::remove_file(&current).unwrap();
}

fn kept(current: &Path, input: &[u8]) -> PathBuf {
    let file = current.with_extension("failed");
    fs::write(&file, input).unwrap();
    file
}

/// What the panic says, if there is one.
fn failure(run: &impl Fn(&[u8]), input: &[u8]) -> Option<String> {
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| run(input)));
    outcome.err().map(|payload| words(payload.as_ref()))
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
    text.unwrap_or_else(|| "a panic without words".to_owned())
}

/// The input without each piece that it fails without, too: halves first, then smaller pieces.
fn smallest(run: &impl Fn(&[u8]), mut input: Vec<u8>) -> Vec<u8> {
    IS_QUIET.set(true);
    let mut piece = input.len() / 2;
    let mut left = SHRINKS_MAX;
    while piece > 0 && left > 0 {
        let mut start = 0;
        while start < input.len() && left > 0 {
            left -= 1;
            let mut without = input.clone();
            without.drain(start..(start + piece).min(input.len()));
            if failure(run, &without).is_some() {
                input = without;
            } else {
                start += piece;
            }
        }
        piece /= 2;
    }
    IS_QUIET.set(false);
    input
}

fn quiet_while_shrinking() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                usual(info);
            }
        }));
    });
}

/// The most memory that this process ever had; nothing where the system does not say.
fn memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// Past the test harness, which keeps what a passing test says to itself.
pub(crate) fn tell(text: &str) {
    let line = format!("{text}\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
}
