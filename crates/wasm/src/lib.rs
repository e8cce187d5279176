//! Bailiwick for `wasm32-unknown-unknown`: what the scripts of `js` call.
//!
//! In: bytes and texts that a script wrote into the buffer, and numbers. Out: numbers; texts in the buffer.
//! Never here: JavaScript values. Only numbers cross the boundary on the way to a decision, so the glue stays small and
//! a call costs nanoseconds; all that is said in words is read from the buffer, by `js/base.js`.
//!
//! Two builds by feature: `evaluator` loads artifacts and decides, `full` also reads policy text. Everything can be
//! driven natively, which is how the tests of this crate do it.

/// Half the size of the library's own, and quicker.
#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(feature = "evaluator")]
pub mod evaluator;
#[cfg(feature = "full")]
pub mod full;
