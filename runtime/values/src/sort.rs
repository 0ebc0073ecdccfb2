//! Puts the elements of collections into OPA's order: a stable merge sort over words.
#![expect(unsafe_code, reason = "moves words among raw elements")]

use crate::{Value, arena, raw};

/// Runs up to this many elements are sorted by insertion.
const INSERTION: usize = 8;

/// Sorts `count` elements of `stride` words (1 or 2) by their first word, in place; equal ones keep their order.
///
/// # Safety
/// So many elements lie there, and nothing else reads them meanwhile.
pub(crate) unsafe fn sort(items: *mut Value, count: usize, stride: usize) {
    // SAFETY: the scratch memory has room for one half, where there is more than what is sorted by insertion.
    unsafe {
        if count > INSERTION {
            let mut scratch = arena::Scratch::new(count.div_ceil(2) * stride * size_of::<Value>());
            merge_sort(items, count, stride, scratch.start().cast());
        } else {
            insertion_sort(items, count, stride);
        }
    }
}

/// Whether the element at `a` belongs behind the one at `b`.
unsafe fn is_above(a: *const Value, b: *const Value) -> bool {
    // SAFETY: elements lie at both.
    unsafe { crate::compare::order(a.read(), b.read()) > 0 }
}

unsafe fn copy_element(from: *const Value, to: *mut Value, stride: usize) {
    // SAFETY: an element of `stride` words lies at `from`, and there is room for one at `to`.
    unsafe {
        to.write(from.read());
        if stride == 2 {
            to.add(1).write(from.add(1).read());
        }
    }
}

unsafe fn insertion_sort(items: *mut Value, count: usize, stride: usize) {
    // SAFETY: all places are among the elements.
    unsafe {
        for end in 1..count {
            let (key, value) = (items.add(end * stride).read(), items.add(end * stride + stride - 1).read());
            let mut at = items.add(end * stride);
            while at > items && crate::compare::order(at.sub(stride).read(), key) > 0 {
                copy_element(at.sub(stride), at, stride);
                at = at.sub(stride);
            }
            at.add(stride - 1).write(value);
            at.write(key);
        }
    }
}

unsafe fn merge_sort(items: *mut Value, count: usize, stride: usize, scratch: *mut Value) {
    // SAFETY: all places are among the elements, or in the scratch memory, which has room for the left half.
    unsafe {
        if count <= INSERTION {
            insertion_sort(items, count, stride);
            return;
        }
        let left = count.div_ceil(2);
        let middle = items.add(left * stride);
        let end = items.add(count * stride);
        merge_sort(items, left, stride, scratch);
        merge_sort(middle, count - left, stride, scratch);
        if !is_above(middle.sub(stride), middle) {
            return;
        }
        scratch.copy_from_nonoverlapping(items, left * stride);
        let (mut a, end_a, mut b, mut to) = (scratch, scratch.add(left * stride), middle, items);
        while a < end_a {
            if b < end && is_above(a, b) {
                copy_element(b, to, stride);
                b = b.add(stride);
            } else {
                copy_element(a, to, stride);
                a = a.add(stride);
            }
            to = to.add(stride);
        }
    }
}

/// Drops all but the last of equal neighbors, and returns how many elements are left.
///
/// # Safety
/// So many elements lie there, in order, and nothing else reads them meanwhile.
pub(crate) unsafe fn keep_last(items: *mut Value, count: usize, stride: usize) -> usize {
    let mut kept = 0;
    for index in 0..count {
        // SAFETY: both places are among the elements.
        unsafe {
            let element = items.add(index * stride);
            let last = index + 1 == count;
            if last || crate::compare::order(element.read(), element.add(stride).read()) != 0 {
                copy_element(element, items.add(kept * stride), stride);
                kept += 1;
            }
        }
    }
    kept
}

/// Sorts the elements of a set or an object that holds no repetition.
pub(crate) fn sort_collection(value: Value, stride: usize) {
    // SAFETY: so many elements are there; iterators read single words, which are valid at any time.
    unsafe { sort(raw::items(value), raw::len(value), stride) }
}
