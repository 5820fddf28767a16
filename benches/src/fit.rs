//! The straight line that comes closest to a curve, and how close that is.

/// `intercept + slope * n`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Time at no size at all, in the unit of the times.
    pub intercept: f64,
    /// Time for each step of size.
    pub slope: f64,
    /// By how much the worst point of the larger half is off the line, as a part of what was measured there.
    pub worst: f64,
}

impl Fit {
    /// The line with the least squares of the residuals, each relative to what was measured: with sizes that span
    /// decades, the largest would otherwise be all that counts. `points` are sizes and times, ordered by size.
    ///
    /// # Panics
    /// With fewer than two points of different sizes.
    #[must_use]
    pub fn of(points: &[(usize, f64)]) -> Self {
        let points: Vec<(f64, f64)> = points.iter().map(|&(n, time)| (n as f64, time)).collect();
        let sum =
            |term: &dyn Fn(f64, f64) -> f64| points.iter().map(|&(n, time)| term(n, time) / (time * time)).sum::<f64>();
        let (weight, n, time) = (sum(&|_, _| 1.0), sum(&|n, _| n), sum(&|_, time| time));
        let (squares, products) = (sum(&|n, _| n * n), sum(&|n, time| n * time));
        let determinant = weight * squares - n * n;
        assert!(determinant > 0.0, "a line needs two sizes");
        let slope = (weight * products - n * time) / determinant;
        let intercept = (time - slope * n) / weight;
        let off = |&(n, time): &(f64, f64)| ((intercept + slope * n) / time - 1.0).abs();
        let worst = points[points.len() / 2..].iter().map(off).fold(0.0, f64::max);
        Self { intercept, slope, worst }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_again() {
        let fit = Fit::of(&[1, 2, 5, 10, 1_000].map(|n| (n, 7.0 + 3.0 * n as f64)));
        assert!((fit.intercept - 7.0).abs() < 1e-6 && (fit.slope - 3.0).abs() < 1e-6 && fit.worst < 1e-6, "{fit:?}");
    }

    #[test]
    fn a_square_is_not_a_line() {
        let fit = Fit::of(&[1, 2, 4, 8, 16, 32].map(|n| (n, (n * n) as f64)));
        assert!(fit.worst > 0.3, "{fit:?}");
    }
}
