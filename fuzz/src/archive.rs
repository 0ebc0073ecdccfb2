//! Archives whose lengths and checksums are right, whatever bytes they are made of: those of gzip alone would keep every changed
//! archive away from what reads its files.

use std::io::Write as _;
use std::ops::Range;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The first byte of an input that is a tar archive: its headers get their checksums, and it is packed.
pub const TAR: u8 = b'T';

/// What stands between the names and contents of an input's files. No text in UTF-8 holds it.
pub const BETWEEN_FILES: u8 = 0xFF;

const BLOCK: usize = 512;
/// Where a header holds the length of its file in octal digits, its checksum and its kind.
const SIZE: Range<usize> = 124..136;
const CHECKSUM: Range<usize> = 148..156;
const KIND: usize = 156;

/// The archive of an input: itself if it looks packed; a tar archive; otherwise files, the name of each before its content.
#[must_use]
pub fn archive(input: &[u8]) -> Vec<u8> {
    match input.split_first() {
        Some((0x1F, _)) => input.to_vec(),
        Some((&TAR, archive)) => packed(with_checksums(archive)),
        _ => {
            let parts: Vec<&[u8]> = input.split(|byte| *byte == BETWEEN_FILES).collect();
            let mut archive =
                parts.chunks(2).flat_map(|file| member(file[0], file.get(1).unwrap_or(&&[][..]))).collect::<Vec<_>>();
            archive.extend([0; 2 * BLOCK]);
            packed(archive)
        }
    }
}

fn packed(bytes: Vec<u8>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(&bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

/// A header and the content behind it.
fn member(name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut header = [0; BLOCK];
    let name = &name[..name.len().min(100)];
    header[..name.len()].copy_from_slice(name);
    header[100..108].copy_from_slice(b"0000644\0");
    header[SIZE].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[KIND] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    set_checksum(&mut header);
    let mut member = [&header, content].concat();
    member.resize(member.len().next_multiple_of(BLOCK), 0);
    member
}

fn set_checksum(header: &mut [u8]) {
    header[CHECKSUM].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[CHECKSUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

fn with_checksums(archive: &[u8]) -> Vec<u8> {
    let mut archive = archive.to_vec();
    let mut at = 0;
    while let Some(header) = archive.get_mut(at..at + BLOCK) {
        if header.iter().all(|byte| *byte == 0) {
            break;
        }
        set_checksum(header);
        let digits = header[SIZE].iter().take_while(|byte| matches!(byte, b'0'..=b'7'));
        let size = digits.fold(0_usize, |size, digit| size * 8 + usize::from(digit - b'0'));
        at += BLOCK + size.next_multiple_of(BLOCK);
    }
    archive
}
