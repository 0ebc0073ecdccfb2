//! A YAML document as a tree: nodes by number, so that aliases are just numbers. Values are made from it by `convert`.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use regoc_abi::layout::MAX_DEPTH;

use super::Error;
use super::events::{Event, Events, Mark};

/// A node of a document.
pub(super) enum Node {
    /// A scalar: its text, its tag, and whether it is written plain.
    Scalar { value: Vec<u8>, tag: Option<Vec<u8>>, plain: bool },
    /// A sequence.
    Sequence(Vec<usize>),
    /// A mapping: keys and values, in order.
    Mapping(Vec<(usize, usize)>),
    /// Another node, by its number and by its name.
    Alias(usize, Vec<u8>),
}

/// The first document of a stream: its nodes, the root being the last one; none when the stream has no document.
///
/// # Errors
/// Any fault in the whole stream.
pub(super) fn read(text: &[u8]) -> Result<Vec<Node>, Error> {
    let mut events = Events::new(text)?;
    let mut first = Vec::new();
    let mut documents = 0;
    loop {
        match events.next()? {
            Event::StreamEnd => return Ok(first),
            Event::StreamStart | Event::DocumentEnd => {}
            Event::DocumentStart { other_version: true } => return Err(Error::new("found incompatible YAML document")),
            Event::DocumentStart { .. } => {
                let mut composer = Composer { events: &mut events, nodes: Vec::new(), anchors: BTreeMap::new() };
                composer.document()?;
                if documents == 0 {
                    first = composer.nodes;
                }
                documents += 1;
            }
            _ => return Err(Error::new("did not find expected <document start>")),
        }
    }
}

struct Composer<'e, 't> {
    events: &'e mut Events<'t>,
    nodes: Vec<Node>,
    anchors: BTreeMap<Vec<u8>, usize>,
}

/// A collection that is being read.
struct Open {
    mapping: bool,
    anchor: Option<usize>,
    children: Vec<usize>,
}

impl Composer<'_, '_> {
    /// Reads a document. The node of a collection is added when it ends, but an anchor on it must be known inside of it: its number is
    /// taken from a place holder, which is an alias to the collection.
    fn document(&mut self) -> Result<(), Error> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let node = match self.events.next()? {
                Event::SequenceStart(mark, _) => {
                    self.open(&mut open, mark, false)?;
                    continue;
                }
                Event::MappingStart(mark, _) => {
                    self.open(&mut open, mark, true)?;
                    continue;
                }
                Event::Scalar { mark, value, plain, .. } => {
                    let node = self.add(Node::Scalar { value, tag: mark.tag, plain });
                    if let Some(name) = mark.anchor {
                        self.anchors.insert(name, node);
                    }
                    node
                }
                Event::Alias(name) => {
                    let Some(node) = self.anchors.get(&name).copied() else {
                        return Err(Error::yaml(0, &[b"unknown anchor '", &name, b"' referenced"]));
                    };
                    self.add(Node::Alias(node, name))
                }
                Event::End => match open.pop() {
                    Some(collection) => self.close(collection),
                    None => return Err(Error::new("did not find expected node content")),
                },
                _ => return Err(Error::new("did not find expected node content")),
            };
            match open.last_mut() {
                Some(collection) => collection.children.push(node),
                None => return Ok(()),
            }
        }
    }

    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn open(&mut self, open: &mut Vec<Open>, mark: Mark, mapping: bool) -> Result<(), Error> {
        if open.len() >= MAX_DEPTH as usize {
            return Err(Error::new("exceeded the maximum depth of 1000"));
        }
        let anchor = mark.anchor.map(|name| {
            let node = self.add(Node::Alias(usize::MAX, name.clone()));
            self.anchors.insert(name, node);
            node
        });
        open.push(Open { mapping, anchor, children: Vec::new() });
        Ok(())
    }

    fn close(&mut self, collection: Open) -> usize {
        let children = collection.children;
        let node = if collection.mapping {
            let pairs = children.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)));
            self.add(Node::Mapping(pairs.collect()))
        } else {
            self.add(Node::Sequence(children))
        };
        if let Some(Node::Alias(target, _)) = collection.anchor.and_then(|anchor| self.nodes.get_mut(anchor)) {
            *target = node;
        }
        node
    }
}
