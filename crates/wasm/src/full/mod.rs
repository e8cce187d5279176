//! Folders of policy text to findings, explanations, listings, drawings and engines.
//!
//! In: the texts of a deployment, questions as JSON. Out: answers as JSON texts, engines for `evaluator`.
//! Never here: deciding on the hot path; `evaluator` is for that. No clock: what time it is, the question says.
//!
//! Calls take their JSON from the buffer and leave theirs there, as [`State::put`] does. A function that can fail gives
//! 0 and leaves the reason for `evaluator::failure`. Policies that are refused are no failure but findings.

mod can;
mod explanation;
mod findings;
mod identity;
mod json;
mod places;
mod question;
mod studio;
#[cfg(test)]
mod tests;
mod tree;

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::evaluator::{Failure, State, with_state};
use studio::Studio;

thread_local! {
    static STUDIO: RefCell<Studio> = RefCell::new(Studio::default());
}

/// Puts the answer into the buffer: 1; or keeps the failure: 0.
fn answer(length: usize, body: impl FnOnce(&mut Studio, &str) -> Result<String, Failure>) -> u32 {
    with_state(0, |state| {
        let answer = state.text(length).map(str::to_owned).and_then(|text| in_studio(|it| body(it, &text)));
        match answer {
            Ok(text) => state.put(&[&text]),
            Err(failure) => state.settle(Err(failure)),
        }
    })
}

fn in_studio<T>(body: impl FnOnce(&mut Studio) -> Result<T, Failure>) -> Result<T, Failure> {
    STUDIO.with(|studio| match studio.try_borrow_mut() {
        Ok(mut studio) => body(&mut studio),
        Err(_) => Err(Failure::new("E264", &["the call came from within another one"], "ask again")),
    })
}

/// Takes the catalogue of services whose text is the buffer's first bytes. The number of services.
#[wasm_bindgen]
pub fn catalogue_load(length: usize) -> u32 {
    with_state(0, |state| {
        let count = state.text(length).and_then(|text| in_studio(|studio| studio.load_catalogue(text)));
        state.settle(count)
    })
}

/// Reads a folder, `{NAME: TEXT}`: what is wrong with it, and if nothing is, its handle.
#[wasm_bindgen]
pub fn deployment_open(length: usize) -> u32 {
    answer(length, Studio::open)
}

/// Forgets a folder.
#[wasm_bindgen]
pub fn deployment_free(deployment: u32) {
    // There is nothing to tell.
    let _ = in_studio(|studio| {
        studio.free(deployment);
        Ok(())
    });
}

/// What somebody is to a folder, and what became of each claim.
#[wasm_bindgen]
pub fn deployment_who(deployment: u32, length: usize) -> u32 {
    answer(length, |studio, text| studio.who(deployment, text))
}

/// A decision with its reasons, for `{"who": ..., "request": ...}`.
#[wasm_bindgen]
pub fn deployment_explain(deployment: u32, length: usize) -> u32 {
    answer(length, |studio, text| studio.explain(deployment, text))
}

/// What somebody can do, for `{"who": ..., "narrow": ...}`.
#[wasm_bindgen]
pub fn deployment_can(deployment: u32, length: usize) -> u32 {
    answer(length, |studio, text| studio.can(deployment, text))
}

/// The tree as a drawing, for `{"who": ..., "request": ..., "most": ...}`, all of which may be absent.
#[wasm_bindgen]
pub fn deployment_tree(deployment: u32, length: usize) -> u32 {
    answer(length, |studio, text| studio.tree(deployment, text))
}

/// An engine of a folder, as of an artifact that was loaded. Its handle.
#[wasm_bindgen]
pub fn deployment_engine(deployment: u32) -> u32 {
    with_state(0, |state| match in_studio(|studio| Ok(studio.deployment(deployment)?.tree())) {
        Ok(tree) => state.adopt(tree),
        Err(failure) => state.settle(Err(failure)),
    })
}

/// Writes the artifact of an engine into the buffer. Its length.
#[wasm_bindgen]
pub fn engine_bytes(engine: u32) -> u32 {
    with_state(0, |state| {
        let bytes = state.tree(engine).map(bailiwick::Tree::to_bytes);
        let length = bytes.map(|bytes| copy(state, &bytes));
        state.settle(length)
    })
}

fn copy(state: &mut State, bytes: &[u8]) -> u32 {
    state.reserve(bytes.len());
    if let Some(place) = state.buffer().get_mut(..bytes.len()) {
        place.copy_from_slice(bytes);
    }
    u32::try_from(bytes.len()).unwrap_or(0)
}
