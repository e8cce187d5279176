//! Things by handle. A handle is a number from 1; those of what was removed are given again.

/// A growing table whose free places are reused.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    places: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }

    /// The new handle; 0 once there are more than 2^32 - 2 things, which memory does not allow.
    pub(crate) fn insert(&mut self, thing: T) -> u32 {
        if let Some(handle) = self.free.pop()
            && let Some(place) = self.places.get_mut(index(handle))
        {
            *place = Some(thing);
            return handle;
        }
        self.places.push(Some(thing));
        u32::try_from(self.places.len()).unwrap_or(0)
    }

    pub(crate) fn get(&self, handle: u32) -> Option<&T> {
        self.places.get(index(handle))?.as_ref()
    }

    pub(crate) fn remove(&mut self, handle: u32) -> Option<T> {
        let thing = self.places.get_mut(index(handle))?.take();
        if thing.is_some() {
            self.free.push(handle);
        }
        thing
    }
}

/// 0 is no handle, and wraps to where nothing is.
fn index(handle: u32) -> usize {
    handle.wrapping_sub(1) as usize
}
