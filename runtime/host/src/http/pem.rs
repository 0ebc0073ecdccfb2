//! The blocks of a PEM text; how one is read is said by [`regoc_values::pem`].

/// A block: its label and its bytes.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

/// The blocks of a text, in their order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut rest = text.as_bytes();
    let next = || {
        let (block, behind) = regoc_values::pem::decode(rest)?;
        rest = behind;
        Some(Block { label: String::from_utf8_lossy(block.label).into_owned(), bytes: block.contents })
    };
    std::iter::from_fn(next).collect()
}

/// The certificates in a text.
pub(super) fn certificates(text: &str) -> Vec<Vec<u8>> {
    blocks(text).into_iter().filter(|block| block.label == "CERTIFICATE").map(|block| block.bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::{blocks, certificates};

    #[test]
    fn blocks_are_found_between_other_texts() {
        let text = "x\n-----BEGIN A-----\nAAAA\nAAE=\n-----END A-----\ny\n-----BEGIN CERTIFICATE-----\nK: v\n\nAQ==\n-----END CERTIFICATE-----";
        let found: Vec<_> = blocks(text).into_iter().map(|block| (block.label, block.bytes)).collect();
        assert_eq!(found, [("A".to_owned(), vec![0, 0, 0, 0, 1]), ("CERTIFICATE".to_owned(), vec![1])]);
        assert_eq!(certificates(text), [[1]]);
        assert!(blocks("-----BEGIN A-----\n?\n-----END A-----").is_empty());
        assert!(blocks("-----BEGIN A-----\nAAAA").len() <= 1);
    }
}
