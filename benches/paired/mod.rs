//! Measuring two things side by side: turn by turn in one run, so that whatever else the machine does hits both alike.

use std::time::{Duration, Instant};

/// What came of a comparison: the middle of the times of each side, and of the ratios of the pairs.
pub struct Compared {
    pub ours: Duration,
    pub theirs: Duration,
    pub ratio: f64,
    pub spread: (f64, f64),
}

/// Runs both sides `rounds` times, alternating which goes first.
pub fn compare(rounds: usize, mut ours: impl FnMut(), mut theirs: impl FnMut()) -> Compared {
    fn timed(run: &mut dyn FnMut()) -> Duration {
        let began = Instant::now();
        run();
        began.elapsed()
    }
    // Warm caches, connections and the allocator on both sides.
    ours();
    theirs();
    let (mut times, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let (own, other) = if round % 2 == 0 {
            let own = timed(&mut ours);
            (own, timed(&mut theirs))
        } else {
            let other = timed(&mut theirs);
            (timed(&mut ours), other)
        };
        times.push(own);
        others.push(other);
        ratios.push(own.as_secs_f64() / other.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    times.sort();
    others.sort();
    let middle = rounds / 2;
    Compared {
        ours: times[middle],
        theirs: others[middle],
        ratio: ratios[middle],
        spread: (ratios[rounds / 10], ratios[rounds - 1 - rounds / 10]),
    }
}

impl Compared {
    /// Prints a line with the budget beside the ratio.
    pub fn print(&self, what: &str, budget: f64) {
        let (low, high) = self.spread;
        let verdict = if self.ratio <= budget { "within" } else { "OVER" };
        println!(
            "{what}: {:?} against {:?}, ratio {:.3} (middle 80 %: {low:.3} to {high:.3}), {verdict} the budget of {budget}",
            self.ours, self.theirs, self.ratio
        );
    }
}
