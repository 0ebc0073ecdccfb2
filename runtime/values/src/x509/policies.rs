//! Certificate policies along a chain: the graph of RFC 9618, which replaces the tree of RFC 5280, section 6.1, and cannot explode.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::Certificate;

/// The contents of the identifier of the policy that stands for all.
const ANY: &[u8] = &[0x55, 0x1d, 32, 0];

/// Whether a chain, from the last certificate to the root, has a valid policy if it needs one.
pub(super) fn are_valid(chain: &[&Certificate<'_>]) -> bool {
    let Some(((leaf, above), length)) = chain.split_first().zip(chain.len().checked_sub(1)).filter(|(_, n)| *n > 0)
    else {
        return true;
    };
    // The root does not count.
    let between = above.get(..length - 1).unwrap_or_default();
    let start = length as i64 + 1;
    let mut state = State { graph: Some(Graph::new()), inhibit_any: start, explicit: start, mapping: start };
    for certificate in between.iter().rev() {
        let is_own_issuer = certificate.raw_issuer == certificate.raw_subject;
        if !state.add(certificate, is_own_issuer) || !state.map(certificate) {
            return false;
        }
        state.count(certificate, is_own_issuer);
    }
    // The last certificate may use the policy for all only while that is not inhibited.
    if !state.add(leaf, false) {
        return false;
    }
    state.explicit = (state.explicit - 1).max(0);
    if leaf.details.explicit_policy == Some(0) {
        state.explicit = 0;
    }
    state.explicit > 0 || state.graph.is_some_and(|graph| graph.has_valid_policy())
}

/// The state of the algorithm between two certificates.
struct State<'a> {
    /// None once a certificate without policies was met.
    graph: Option<Graph<'a>>,
    /// How many certificates may still use the policy for all.
    inhibit_any: i64,
    /// How many certificates may still come before a policy is required.
    explicit: i64,
    /// How many certificates may still map policies.
    mapping: i64,
}

impl<'a> State<'a> {
    /// Adds the policies of a certificate (6.1.3, d to f). False if one was required.
    fn add(&mut self, certificate: &Certificate<'a>, may_use_any: bool) -> bool {
        let policies = certificate.details.policies.as_deref().unwrap_or_default();
        if policies.is_empty() {
            self.graph = None;
        }
        if self.explicit == 0 && self.graph.is_none() {
            return false;
        }
        let Some(graph) = &mut self.graph else { return true };
        graph.descend();
        for policy in policies.iter().filter(|policy| **policy != ANY) {
            graph.add(policy);
        }
        if policies.contains(&ANY) && (self.inhibit_any > 0 || may_use_any) {
            graph.add_expected();
        }
        graph.prune();
        true
    }

    /// Maps the policies of a certificate (6.1.4, a and b). False if the one for all is mapped.
    fn map(&mut self, certificate: &Certificate<'a>) -> bool {
        let mappings = &certificate.details.mappings;
        let Some(graph) = self.graph.as_mut().filter(|_| !mappings.is_empty()) else { return true };
        let mut subjects: BTreeMap<&'a [u8], Vec<&'a [u8]>> = BTreeMap::new();
        for [issuer, subject] in mappings {
            if self.mapping == 0 {
                graph.remove_leaf(issuer);
            } else if *issuer == ANY || *subject == ANY {
                return false;
            } else {
                subjects.entry(issuer).or_default().push(subject);
            }
        }
        graph.prune();
        for (issuer, expected) in subjects {
            graph.map(issuer, expected);
        }
        true
    }

    /// Counts a certificate (6.1.4, h to j).
    fn count(&mut self, certificate: &Certificate<'a>, is_own_issuer: bool) {
        let details = &certificate.details;
        let counters = [
            (&mut self.explicit, details.explicit_policy),
            (&mut self.mapping, details.inhibit_mapping),
            (&mut self.inhibit_any, details.inhibit_any),
        ];
        for (counter, limit) in counters {
            if !is_own_issuer {
                *counter = (*counter - 1).max(0);
            }
            // A negative limit is none.
            if let Some(limit) = limit.filter(|limit| (0..*counter).contains(limit)) {
                *counter = limit;
            }
        }
    }
}

/// A policy at the depth of one certificate.
struct Node<'a> {
    policy: &'a [u8],
    /// The policies below that it stands for.
    expected: Vec<&'a [u8]>,
    /// The places of the nodes above it.
    parents: BTreeSet<usize>,
    /// How many nodes are below it.
    children: usize,
}

/// The nodes by depth.
struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    /// The places of the nodes of each depth, by policy.
    strata: Vec<BTreeMap<&'a [u8], usize>>,
    /// The places of the nodes at the depth above, by the policies that they expect.
    expecting: BTreeMap<&'a [u8], Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn new() -> Self {
        let root = Node { policy: ANY, expected: alloc::vec![ANY], parents: BTreeSet::new(), children: 0 };
        let strata = alloc::vec![BTreeMap::from([(ANY, 0)])];
        Self { nodes: alloc::vec![root], strata, expecting: BTreeMap::new() }
    }

    fn leaves(&self) -> Option<&BTreeMap<&'a [u8], usize>> {
        self.strata.last()
    }

    /// Begins another depth.
    fn descend(&mut self) {
        self.expecting = BTreeMap::new();
        for place in self.strata.last().into_iter().flat_map(BTreeMap::values) {
            for policy in self.nodes.get(*place).into_iter().flat_map(|node| &node.expected) {
                self.expecting.entry(policy).or_default().push(*place);
            }
        }
        self.strata.push(BTreeMap::new());
    }

    /// Adds a leaf.
    fn insert(&mut self, policy: &'a [u8], expected: Vec<&'a [u8]>, parents: impl Iterator<Item = usize>) {
        let parents: BTreeSet<usize> = parents.collect();
        for parent in &parents {
            if let Some(node) = self.nodes.get_mut(*parent) {
                node.children += 1;
            }
        }
        if let Some(leaves) = self.strata.last_mut() {
            leaves.insert(policy, self.nodes.len());
        }
        self.nodes.push(Node { policy, expected, parents, children: 0 });
    }

    /// Adds a policy of a certificate: below those that expect it, else below the one for all.
    fn add(&mut self, policy: &'a [u8]) {
        let parents = match self.expecting.get(policy) {
            Some(parents) => parents.clone(),
            None => {
                let above = self.strata.len().checked_sub(2).and_then(|depth| self.strata.get(depth));
                above.and_then(|nodes| nodes.get(ANY)).into_iter().copied().collect()
            }
        };
        if !parents.is_empty() {
            self.insert(policy, alloc::vec![policy], parents.into_iter());
        }
    }

    /// Adds all policies that are expected and not there.
    fn add_expected(&mut self) {
        for (policy, parents) in core::mem::take(&mut self.expecting) {
            if self.leaves().is_some_and(|leaves| !leaves.contains_key(policy)) {
                self.insert(policy, alloc::vec![policy], parents.into_iter());
            }
        }
    }

    /// Lets a leaf expect other policies.
    fn map(&mut self, issuer: &'a [u8], expected: Vec<&'a [u8]>) {
        let leaf = |policy| self.leaves().and_then(|leaves| leaves.get(policy)).copied();
        match (leaf(issuer), leaf(ANY)) {
            (Some(place), _) => {
                if let Some(node) = self.nodes.get_mut(place) {
                    node.expected = expected;
                }
            }
            (None, Some(any)) => self.insert(issuer, expected, core::iter::once(any)),
            (None, None) => {}
        }
    }

    fn remove_leaf(&mut self, policy: &[u8]) {
        let place = self.strata.last_mut().and_then(|leaves| leaves.remove(policy));
        if let Some(place) = place {
            self.detach(place);
        }
    }

    /// Takes a node away from those above it.
    fn detach(&mut self, place: usize) {
        let parents = self.nodes.get_mut(place).map(|node| core::mem::take(&mut node.parents)).unwrap_or_default();
        for parent in parents {
            if let Some(node) = self.nodes.get_mut(parent) {
                node.children = node.children.saturating_sub(1);
            }
        }
    }

    /// Removes what has nothing below it, from the depth above the leaves up to the one below the root.
    fn prune(&mut self) {
        for depth in (1..self.strata.len().saturating_sub(1)).rev() {
            let Some(mut stratum) = self.strata.get_mut(depth).map(core::mem::take) else { continue };
            stratum.retain(|_, place| {
                let has_children = self.nodes.get(*place).is_some_and(|node| node.children > 0);
                if !has_children {
                    self.detach(*place);
                }
                has_children
            });
            if let Some(place) = self.strata.get_mut(depth) {
                *place = stratum;
            }
        }
    }

    /// Whether a policy is left: a leaf for all, or a policy whose only parent stands for all.
    fn has_valid_policy(&self) -> bool {
        let is_any = |place: &usize| self.nodes.get(*place).is_some_and(|node| node.policy == ANY);
        let is_valid =
            |node: &Node<'_>| node.policy != ANY && node.parents.len() == 1 && node.parents.iter().all(is_any);
        let mut nodes = self.strata.iter().flat_map(BTreeMap::values).filter_map(|place| self.nodes.get(*place));
        self.leaves().is_some_and(|leaves| leaves.contains_key(ANY)) || nodes.any(is_valid)
    }
}
