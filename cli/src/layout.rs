//! How wide the columns of a table are on a terminal.

/// What separates two columns.
pub(crate) const BETWEEN: &str = " | ";
/// Names and text are not made narrower than this to fit more columns.
const READABLE: usize = 8;

/// What a column would need.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Need {
    /// Columns of a terminal that its widest cell takes, its name included.
    pub(crate) width: usize,
    /// What its widest number takes; 0 for a column of text. Numbers are never cut: part of a
    /// number is another number.
    pub(crate) number: usize,
}

impl Need {
    fn least(self) -> usize {
        self.number.max(self.width.min(READABLE))
    }
}

/// The columns that are shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The width of each; fewer than there are columns when not all fit.
    pub(crate) widths: Vec<usize>,
    /// What a line may take beyond these widths; `None` without a limit.
    pub(crate) spare: Option<usize>,
}

impl Layout {
    /// Fits the columns into a line of this width; `None` shows everything. At least one column is
    /// shown, the first ones of those that do not fit, and wide text is cut before narrow.
    pub(crate) fn new(needs: &[Need], limit: Option<usize>) -> Self {
        let Some(limit) = limit else {
            return Layout { widths: needs.iter().map(|need| need.width).collect(), spare: None };
        };
        let shown = fitting(needs, limit);
        let mark = if shown < needs.len() { BETWEEN.len() + 1 } else { 0 };
        let between = BETWEEN.len() * shown.saturating_sub(1);
        let budget = limit.saturating_sub(between + mark);
        let widths = shared(&needs[..shown], budget);
        let spare = budget.saturating_sub(widths.iter().sum());
        Layout { widths, spare: Some(spare) }
    }
}

/// How many columns fit at their least width, with room for the mark that stands for the rest.
fn fitting(needs: &[Need], limit: usize) -> usize {
    let mut end = 0_usize;
    let mut with_mark = 0;
    for (index, need) in needs.iter().enumerate() {
        end = end.saturating_add(need.least() + if index > 0 { BETWEEN.len() } else { 0 });
        if end > limit {
            return with_mark.max(1);
        }
        if end + BETWEEN.len() < limit {
            with_mark = index + 1;
        }
    }
    needs.len()
}

/// The widths of columns that share a line: numbers get theirs, text is cut to what is left, the
/// widest first.
fn shared(needs: &[Need], budget: usize) -> Vec<usize> {
    let widths = |cap: usize| needs.iter().map(move |need| need.width.min(cap.max(need.number)));
    let fits = |cap: usize| widths(cap).fold(0_usize, usize::saturating_add) <= budget;
    // The largest cap that fits lies between a line's least and its greatest width.
    let (mut low, mut high) = (1, budget.max(1));
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let mut widths: Vec<usize> = widths(low).collect();
    let mut left = budget.saturating_sub(widths.iter().sum());
    for (width, need) in widths.iter_mut().zip(needs) {
        if left > 0 && *width < need.width {
            *width += 1;
            left -= 1;
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(width: usize) -> Need {
        Need { width, number: 0 }
    }

    fn number(width: usize) -> Need {
        Need { width, number: width }
    }

    #[test]
    fn without_a_limit_nothing_is_cut() {
        let layout = Layout::new(&[text(500), number(3)], None);
        assert_eq!(layout, Layout { widths: vec![500, 3], spare: None });
    }

    #[test]
    fn what_fits_is_left_alone() {
        let layout = Layout::new(&[text(10), number(3)], Some(20));
        assert_eq!(layout, Layout { widths: vec![10, 3], spare: Some(4) });
    }

    #[test]
    fn wide_text_is_cut_before_narrow_text_and_numbers_never() {
        let layout = Layout::new(&[number(12), text(5), text(90), text(31)], Some(80));
        assert_eq!(layout, Layout { widths: vec![12, 5, 27, 27], spare: Some(0) });
        let layout = Layout::new(&[number(12), text(5), text(90), text(20)], Some(80));
        assert_eq!(layout, Layout { widths: vec![12, 5, 34, 20], spare: Some(0) });
    }

    #[test]
    fn the_long_name_of_a_column_of_numbers_is_cut() {
        let layout = Layout::new(&[Need { width: 50, number: 3 }, text(20)], Some(26));
        assert_eq!(layout, Layout { widths: vec![12, 11], spare: Some(0) });
    }

    #[test]
    fn the_rest_of_a_division_goes_to_the_first_columns() {
        let layout = Layout::new(&[text(50), text(50)], Some(24));
        assert_eq!(layout, Layout { widths: vec![11, 10], spare: Some(0) });
    }

    #[test]
    fn columns_that_do_not_fit_are_left_out() {
        let layout = Layout::new(&[text(20); 10], Some(40));
        assert_eq!(layout, Layout { widths: vec![10, 10, 10], spare: Some(0) });
        let layout = Layout::new(&[text(1); 2000], Some(80));
        assert_eq!(layout.widths.len(), 19);
    }

    #[test]
    fn one_column_is_shown_however_narrow_the_line() {
        assert_eq!(Layout::new(&[text(20), text(20)], Some(0)).widths, [1]);
        assert_eq!(Layout::new(&[number(20), text(20)], Some(5)).widths, [20]);
        assert_eq!(Layout::new(&[], Some(80)).widths, [] as [usize; 0]);
        assert_eq!(Layout::new(&[text(7)], Some(usize::MAX)).widths, [7]);
    }
}
