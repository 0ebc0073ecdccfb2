//! PEM as Go's `encoding/pem` reads it: what is between the blocks and what is none is passed over.

/// A block: its label and its bytes.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

/// The blocks of a text, in their order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) else {
            continue;
        };
        let end = format!("-----END {label}-----");
        // A header such as `Proc-Type: 4,ENCRYPTED` stands in front of the text and is told by its colon.
        let inside = lines.by_ref().take_while(|line| *line != end).filter(|line| !line.contains(':'));
        let encoded: String = inside.collect();
        if let Ok(bytes) = data_encoding::BASE64.decode(encoded.as_bytes()) {
            blocks.push(Block { label: label.to_owned(), bytes });
        }
    }
    blocks
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
