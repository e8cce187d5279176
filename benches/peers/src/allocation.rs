//! Counts allocations, to hold that a decision makes none, and to weigh what engines keep.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static MADE: AtomicUsize = AtomicUsize::new(0);

// The run has one thread, so plain loads and stores count right and cost least.
fn add(counter: &AtomicUsize, amount: usize) {
    counter.store(counter.load(Relaxed).wrapping_add(amount), Relaxed);
}

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(&LIVE, layout.size());
        add(&MADE, 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        add(&LIVE, layout.size().wrapping_neg());
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(&LIVE, size.wrapping_sub(layout.size()));
        add(&MADE, 1);
        unsafe { System.realloc(place, layout, size) }
    }
}

/// Bytes that are allocated now.
pub fn live_bytes() -> usize {
    LIVE.load(Relaxed)
}

/// Allocations made so far.
pub fn made() -> usize {
    MADE.load(Relaxed)
}
