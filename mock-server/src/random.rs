//! Randomness that a seed decides: the same numbers on every machine and in every version.

/// The SplitMix64 sequence. It is written out here because a library may change its generator, and a seed that was
/// printed by a failing test has to mean the same responses a year later.
#[derive(Debug, Clone)]
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.number() % end).unwrap_or_default()
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        let bits = u32::try_from(self.number() >> 32).unwrap_or_default();
        f64::from(bits) / (f64::from(u32::MAX) + 1.0) < probability
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.number().to_le_bytes()[0]).collect()
    }
}

impl rand::RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        u32::try_from(self.number() >> 32).unwrap_or_default()
    }

    fn next_u64(&mut self) -> u64 {
        self.number()
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        let count = bytes.len();
        bytes.copy_from_slice(&self.bytes(count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_numbers_for_ever() {
        let mut seeded = Seeded::new(7);
        assert_eq!(
            [seeded.number(), seeded.number()],
            [7_191_089_600_892_374_487, 309_689_372_594_955_804]
        );
    }

    #[test]
    fn a_chance_of_nothing_never_comes_and_a_certain_one_always() {
        let mut seeded = Seeded::new(0);
        assert!((0..100).all(|_| !seeded.chance(0.0)));
        assert!((0..100).all(|_| seeded.chance(1.0)));
    }
}
