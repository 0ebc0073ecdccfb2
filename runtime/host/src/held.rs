//! Inputs that stay in an instance's memory for several questions: read once from a text, or written there from values of Rust.

use serde::Serialize;

use crate::address::{EntrypointId, HeapPointer, ValueAddress};
use crate::decision::{self, Decision};
use crate::document::Input;
use crate::error::{Error, ErrorKind};
use crate::instance::{Instance, Loaded};
use crate::native;

/// An input in the memory of an instance, for any number of questions: from [`Instance::hold`] or [`Instance::hold_value`].
#[derive(Debug)]
pub struct Held<'i> {
    instance: &'i mut Instance,
    input: Kept<'i>,
    /// `None` where it must be put into memory (again).
    placed: Option<Placed>,
}

/// What an input is made of.
#[derive(Debug)]
enum Kept<'i> {
    Text(Input<'i>),
    /// A value for memory from an address on.
    Native {
        base: HeapPointer,
        word: u32,
        bytes: Vec<u8>,
    },
}

/// An input in memory.
#[derive(Clone, Copy, Debug)]
struct Placed {
    /// `None` for no input.
    input: Option<ValueAddress>,
    /// Where free memory begins behind it.
    heap: HeapPointer,
}

impl<'i> Held<'i> {
    /// Reads an input.
    pub(crate) fn of_text(instance: &'i mut Instance, input: Input<'i>) -> Result<Self, Error> {
        Self { instance, input: Kept::Text(input), placed: None }.placed()
    }

    /// Writes a value of Rust.
    pub(crate) fn of_value<T: Serialize + ?Sized>(instance: &'i mut Instance, value: &T) -> Result<Self, Error> {
        if let Some(room) = instance.room()?
            && let Ok((word, bytes)) = native::write(room, value)
        {
            let input = Kept::Native { base: room.base, word, bytes };
            return Self { instance, input, placed: None }.placed();
        }
        let unfit =
            |error: serde_json::Error| Error::new(ErrorKind::InvalidJson, format!("the input is no JSON: {error}"));
        let text = serde_json::to_string(value).map_err(unfit)?;
        Self::of_text(instance, Input::from_json(&text)?.into_owned())
    }

    fn placed(mut self) -> Result<Self, Error> {
        self.place()?;
        Ok(self)
    }

    /// Puts the input into memory, if it is not there.
    fn place(&mut self) -> Result<Placed, Error> {
        if let Some(placed) = self.placed {
            return Ok(placed);
        }
        let loaded = self.instance.loaded()?;
        let placed = match &self.input {
            Kept::Text(input) => loaded.read_input(input.bytes()),
            Kept::Native { base, word, bytes } => loaded.write_input(*base, ValueAddress(*word), bytes),
        };
        let (input, heap) = placed?;
        Ok(*self.placed.insert(Placed { input, heap }))
    }

    /// What the policy answers.
    ///
    /// # Errors
    ///
    /// As [`Instance::evaluate`].
    pub fn evaluate(&mut self, entrypoint: EntrypointId) -> Result<Decision, Error> {
        Decision::from_result_set(self.evaluate_raw(entrypoint)?)
    }

    /// The result set of an entrypoint, see [`Instance::evaluate_results`].
    ///
    /// # Errors
    ///
    /// As [`Instance::evaluate`].
    pub fn evaluate_results(&mut self, entrypoint: EntrypointId) -> Result<Vec<serde_json::Value>, Error> {
        decision::parse(self.evaluate_raw(entrypoint)?)
    }

    /// The result set of an entrypoint as text, see [`Instance::evaluate_raw`].
    ///
    /// # Errors
    ///
    /// As [`Instance::evaluate`].
    pub fn evaluate_raw(&mut self, entrypoint: EntrypointId) -> Result<&[u8], Error> {
        let Placed { input, heap } = self.place()?;
        // A call that is cut off takes the memory with it.
        self.placed = None;
        let ask = |loaded: &mut Loaded| loaded.evaluate_held(entrypoint, input, heap);
        let text = self.instance.ask(ask)?;
        self.placed = Some(Placed { input, heap });
        Ok(text)
    }
}
