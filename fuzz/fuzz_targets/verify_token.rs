#![no_main]
#[path = "../src/verify_token.rs"]
mod verify_token;
libfuzzer_sys::fuzz_target!(|data: &[u8]| verify_token::run(data));
