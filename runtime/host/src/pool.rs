//! Instances for any number of threads, over data that is replaced while they decide. Takes no lock: idle instances wait in a queue of
//! fixed length, and the image that counts is a pointer that is swapped. Evaluates nothing itself.

use std::fmt;

use arc_swap::ArcSwap;
use crossbeam_queue::ArrayQueue;

use crate::address::EntrypointId;
use crate::decision::Decision;
use crate::document::Input;
use crate::error::Error;
use crate::image::Image;
use crate::instance::Instance;

/// Instances of a policy over an image, shared by threads: `Sync`, without a lock on the way to a decision.
///
/// [`Pool::replace`] swaps the image for all at once: a decision that runs ends with the data that it began with, and every one that begins
/// after has the new. An instance waits for the next question where it is idle, so its memory is used again.
pub struct Pool {
    image: ArcSwap<Image>,
    idle: ArrayQueue<Instance>,
}

impl Pool {
    /// A pool in which at most `idle` instances wait for questions (at least one); there may be more at work, one for each thread that asks.
    #[must_use]
    pub fn new(image: Image, idle: usize) -> Self {
        Self { image: ArcSwap::from_pointee(image), idle: ArrayQueue::new(idle.max(1)) }
    }

    /// The image that decisions begin with now.
    #[must_use]
    pub fn image(&self) -> Image {
        Image::clone(&self.image.load())
    }

    /// Gives the decisions that begin from now on another image: of the same policy with other data, or of another policy.
    pub fn replace(&self, image: Image) {
        self.image.store(image.into());
        // What waits has the data of before, and would hold them until somebody asks.
        while self.idle.pop().is_some() {}
    }

    /// What the policy answers.
    ///
    /// # Errors
    ///
    /// As [`Instance::evaluate`], and when there is no memory for a further instance within the limits.
    pub fn evaluate(&self, entrypoint: EntrypointId, input: &Input<'_>) -> Result<Decision, Error> {
        self.with(|instance| instance.evaluate(entrypoint, input))?
    }

    /// Runs something with an instance, in one revision of policy and data: to look entrypoints up where policies are replaced, or for several
    /// questions about the same state.
    ///
    /// # Errors
    ///
    /// When there is no memory for a further instance within the limits.
    pub fn with<T>(&self, run: impl FnOnce(&mut Instance) -> T) -> Result<T, Error> {
        let image = self.image.load();
        let idle = std::iter::from_fn(|| self.idle.pop()).find(|instance| instance.is_over(&image));
        let mut instance = match idle {
            Some(instance) => instance,
            None => image.instance()?,
        };
        let result = run(&mut instance);
        // Where enough are waiting, or the data were replaced meanwhile, it ends here.
        if instance.is_over(&self.image.load()) {
            let _ = self.idle.push(instance);
        }
        Ok(result)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("image", &self.image.load()).field("idle", &self.idle.len()).finish()
    }
}
