//! Makes the scripts that go with a compiled module: `bailiwick-bindgen MODULE FOLDER`.
//!
//! In: a module that the compiler has just made. Out: `glue.js` and `glue_bg.wasm` in the folder.
//! Never here: what `wasm-bindgen`'s own command brings besides, a test runner and a client that downloads browsers'
//! drivers: two hundred crates for one call of the library.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("usage: bailiwick-bindgen MODULE FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name("glue").typescript(false).omit_default_module_path(true);
    match bindgen.web(true).and_then(|bindgen| bindgen.generate(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
