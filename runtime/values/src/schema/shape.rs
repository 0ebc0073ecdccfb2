//! What a compiled schema says of the shape of documents, for a compiler that checks types. No module asks for it.

use alloc::vec::Vec;

use super::Schema;
use super::node::{List, NONE, Node, One, TYPES};

/// A schema within a [`Schema`], by number.
pub type Place = u32;

/// What one schema says of the shape of a document.
pub struct Shape<'s>(&'s Node);

impl Schema {
    /// The schema that everything is in.
    #[must_use]
    pub fn root(&self) -> Place {
        self.root
    }

    /// What the schema at a place says; nothing where there is none.
    #[must_use]
    pub fn shape(&self, place: Place) -> Option<Shape<'_>> {
        self.nodes.get(place as usize).map(Shape)
    }
}

impl Shape<'_> {
    /// The names of the types that it allows, as written; with none, all.
    #[must_use]
    pub fn types(&self) -> Vec<&'static str> {
        self.0.types.iter().filter_map(|place| TYPES.get(usize::from(*place)).copied()).collect()
    }

    /// The names of the properties, with their schemas.
    pub fn properties(&self) -> impl Iterator<Item = (&'static [u8], Place)> {
        self.0.properties.iter().map(|(key, place)| (key.as_str().unwrap_or_default(), *place))
    }

    /// The names of the properties that must be there.
    pub fn required(&self) -> impl Iterator<Item = &'static [u8]> {
        self.0.required.iter().map(|key| key.as_str().unwrap_or_default())
    }

    /// The schemas of the first items, or the one of all of them.
    #[must_use]
    pub fn items(&self) -> &[Place] {
        self.0.list(List::Items)
    }

    /// Whether the one schema of [`Self::items`] is that of all items.
    #[must_use]
    pub fn is_for_all_items(&self) -> bool {
        self.0.single_item
    }

    /// Of these at least one must match.
    #[must_use]
    pub fn any_of(&self) -> &[Place] {
        self.0.list(List::AnyOf)
    }

    /// All of these must match.
    #[must_use]
    pub fn all_of(&self) -> &[Place] {
        self.0.list(List::AllOf)
    }

    /// The schema that this one refers to.
    #[must_use]
    pub fn reference(&self) -> Option<Place> {
        Some(self.0.one(One::Reference)).filter(|place| *place != NONE)
    }
}
