//! Names that a mistyped name may have meant.

/// How many names are suggested.
const MOST: usize = 5;

/// The known names that are nearest to a name, the nearest first.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut ranked: Vec<(usize, &str)> = known.map(|candidate| (distance(name, candidate), candidate)).collect();
    ranked.sort_unstable();
    ranked.truncate(MOST);
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The number of characters to insert, delete or replace to make one text the other (Levenshtein), in the memory of one row.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, to) in b.iter().enumerate() {
            let Some(cell) = row.get_mut(j + 1) else { break };
            let replaced = diagonal + usize::from(from != *to);
            diagonal = *cell;
            let best = replaced.min(diagonal + 1).min(left + 1);
            // The cell to the left is written one step late, when the diagonal no longer needs it.
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances_are_levenshteins() {
        for (a, b, wanted) in
            [("", "", 0), ("", "ab", 2), ("ab", "", 2), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("é", "e", 1)]
        {
            assert_eq!(distance(a, b), wanted, "{a} {b}");
        }
    }

    #[test]
    fn the_nearest_comes_first() {
        let known = ["example/violation", "example/allow", "example", "a", "b", "c"];
        let near = nearest("example/violations", known.into_iter());
        assert_eq!(near.first(), Some(&"example/violation"));
        assert_eq!(near.len(), 5);
    }
}
