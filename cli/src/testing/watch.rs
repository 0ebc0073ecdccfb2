//! Notices that files changed: looks at them again and again. Knows nothing of what they hold.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// How a file looks from outside.
type Look = (PathBuf, Option<SystemTime>, u64);

/// Files below paths, as they looked last.
pub(crate) struct Watch {
    paths: Vec<PathBuf>,
    looks: Vec<Look>,
}

impl Watch {
    /// The files below paths as they are now. A path may begin with a prefix (`path.to:file`).
    pub(crate) fn new(paths: &[String]) -> Self {
        let paths: Vec<PathBuf> = paths
            .iter()
            .map(|path| match path.split_once(':') {
                Some((_, file)) if !Path::new(path).exists() => PathBuf::from(file),
                _ => PathBuf::from(path),
            })
            .collect();
        let looks = look(&paths);
        Self { paths, looks }
    }

    /// Waits until something changed: a file was written, made or removed.
    pub(crate) fn wait(&mut self) {
        loop {
            thread::sleep(PAUSE);
            let looks = look(&self.paths);
            if looks != self.looks {
                self.looks = looks;
                return;
            }
        }
    }
}

/// How all files below the paths look. What cannot be read is not there.
fn look(paths: &[PathBuf]) -> Vec<Look> {
    let mut looks = Vec::new();
    let mut open: Vec<PathBuf> = paths.to_vec();
    while let Some(path) = open.pop() {
        let Ok(metadata) = fs::metadata(&path) else { continue };
        if !metadata.is_dir() {
            looks.push((path, metadata.modified().ok(), metadata.len()));
        } else if let Ok(entries) = fs::read_dir(&path) {
            // Links may lead back; what they lead to is watched where it lies.
            open.extend(entries.flatten().filter(|entry| !entry.path().is_symlink()).map(|entry| entry.path()));
        }
    }
    looks.sort();
    looks
}
