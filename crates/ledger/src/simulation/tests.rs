use super::*;

/// Seeds the unchanged code is tried with, unless `COUNTERSIGN_SEEDS` says how many.
const SEEDS: u64 = 150;

/// I1, I2, I3, I4, I5, I6 and I16 over random histories; a broken one is named by its number.
#[test]
fn no_promise_is_broken_whatever_the_store_and_the_desks_suffer() {
    let seeds = std::env::var("COUNTERSIGN_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    for seed in 0..seeds {
        if let Err(broken) = play(seed, None) {
            panic!("seed {seed}: {broken}");
        }
    }
}

#[test]
fn every_planted_mistake_is_caught_within_a_hundred_seeds() {
    for mutant in MUTANTS {
        let caught =
            (0..MUTANT_SEEDS).find_map(|seed| play(seed, Some(*mutant)).err().map(|broken| (seed, broken)));
        let Some((seed, broken)) = caught else { panic!("{mutant:?} is not caught") };
        println!("{mutant:?}: seed {seed}: {broken}");
    }
}

#[test]
fn a_seed_is_played_the_same_way_every_time() {
    let once = || (0..20).map(|seed| play(seed, Some(Mutant::Overwrites)).err()).collect::<Vec<_>>();
    assert_eq!(once(), once());
}
