//! Artifacts to engines, claims to sessions, requests to decisions.
//!
//! In: an artifact, claims or a principal, requests. Out: decisions packed into a number, and the names of statements.
//! Never here: policy text; `full` is for that.
//!
//! A function that can fail gives 0 and leaves the reason for [`failure`] to write.

mod answer;
mod failure;
mod principal;
mod record;
mod slab;
mod state;
#[cfg(test)]
mod tests;

pub use failure::Failure;
pub use state::State;

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::new()) };
}

/// Lends the one state; `default` is what a call gets that comes from within another call, which no script can do.
pub fn with_state<T>(default: T, body: impl FnOnce(&mut State) -> T) -> T {
    STATE.with(|state| match state.try_borrow_mut() {
        Ok(mut state) => body(&mut state),
        Err(_) => default,
    })
}

/// Makes the buffer at least so long, and tells where it is. It stays there until it must grow.
#[wasm_bindgen]
pub fn reserve(length: usize) -> *mut u8 {
    with_state(core::ptr::null_mut(), |state| state.reserve(length))
}

/// Writes why the last call failed: code, message and help, as [`State::put`] does. The number of texts.
#[wasm_bindgen]
pub fn failure() -> u32 {
    with_state(0, State::write_failure)
}

/// Loads the artifact that is the buffer's first bytes. The engine's handle.
#[wasm_bindgen]
pub fn engine_load(length: usize) -> u32 {
    with_state(0, |state| state.load(length))
}

/// Forgets an engine; its sessions live on.
#[wasm_bindgen]
pub fn engine_free(engine: u32) {
    with_state((), |state| state.free_engine(engine));
}

/// A session for the claims whose JSON text is the buffer's first bytes. Its handle.
#[wasm_bindgen]
pub fn session_of_claims(engine: u32, length: usize) -> u32 {
    with_state(0, |state| state.session_of_claims(engine, length))
}

/// A session for the principal whose JSON text is the buffer's first bytes. Its handle.
#[wasm_bindgen]
pub fn session_of_principal(engine: u32, length: usize) -> u32 {
    with_state(0, |state| state.session_of_principal(engine, length))
}

/// Forgets a session.
#[wasm_bindgen]
pub fn session_free(session: u32) {
    with_state((), |state| state.free_session(session));
}

/// Remembers the action that is the buffer's first bytes. Its handle.
#[wasm_bindgen]
pub fn intern_action(length: usize) -> u32 {
    with_state(0, |state| state.intern_action(length))
}

/// Remembers the resource of the record whose texts begin at `texts`. Its handle.
#[wasm_bindgen]
pub fn intern_resource(texts: usize) -> u32 {
    with_state(0, |state| state.intern_resource(texts))
}

/// Remembers the name of a context key that is the buffer's first bytes. Its handle.
#[wasm_bindgen]
pub fn intern_key(length: usize) -> u32 {
    with_state(0, |state| state.intern_key(length))
}

/// Remembers the context of the record whose texts begin at `texts`. Its handle.
#[wasm_bindgen]
pub fn intern_context(texts: usize) -> u32 {
    with_state(0, |state| state.intern_context(texts))
}

/// Forgets an action (kind 0), a resource (1) or a context (2).
#[wasm_bindgen]
pub fn release(kind: u32, handle: u32) {
    with_state((), |state| state.release(kind, handle));
}

/// Decides the record in the buffer, whose texts begin at `texts`, for an interned action. See `answer.rs` for the number.
#[wasm_bindgen]
pub fn decide_record(session: u32, action: u32, texts: usize) -> u32 {
    with_state(0, |state| state.decide_record(session, action, texts))
}

/// Decides what is interned; `context` may be 0 for none.
#[wasm_bindgen]
pub fn decide_handles(session: u32, action: u32, resource: u32, context: u32) -> u32 {
    with_state(0, |state| state.decide_handles(session, action, resource, context))
}

/// The statement of the last decision, plus one; 0 for none. For statements whose number the answer has no room for.
#[wasm_bindgen]
pub fn decided_by() -> u32 {
    with_state(0, |state| state.decided_by())
}

/// Writes a statement's names: policy, sid (empty for none), and its position and place in decimal digits.
/// The number of texts; 0 if there is no such statement.
#[wasm_bindgen]
pub fn statement(session: u32, statement: u32) -> u32 {
    with_state(0, |state| state.write_statement(session, statement))
}
