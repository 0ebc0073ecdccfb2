//! Hosts of others under test: what each of them is asked, and whether it answers as OPA does.
//!
//! [`folder`] writes one folder with modules and questions; a host is a program that is run as `PROGRAM FOLDER MODE` and prints a
//! report (`spec-tests/hosts/README.md` says what is in both); [`registry`] knows the programs; [`check`] judges reports; [`table`]
//! writes HOSTS.md. Nothing in here knows how a host does its work.

pub mod cases;
pub mod check;
pub mod client;
pub mod folder;
pub mod questions;
pub mod registry;
pub mod scripts;
pub mod table;
