//! The TypeScript side of the command list.

use std::collections::BTreeSet;

use ts_rs::{Config, ExportError, TS, TypeVisitor};

/// Names of the exported types that a type's name mentions: itself, and the arguments of a generic one.
pub(crate) fn names<T: TS + 'static>(config: &Config) -> BTreeSet<String> {
    struct Collect<'a>(BTreeSet<String>, &'a Config);
    impl TypeVisitor for Collect<'_> {
        fn visit<T: TS + 'static + ?Sized>(&mut self) {
            if T::output_path().is_some() {
                self.0.insert(T::ident(self.1));
            }
        }
    }
    let mut found = Collect(BTreeSet::new(), config);
    found.visit::<T>();
    T::visit_generics(&mut found);
    found.0
}

/// Writes a type's file and those of everything it is made of. A list has no file of its own: its items have.
pub(crate) fn export<T: TS + 'static>(config: &Config) -> Result<(), ExportError> {
    struct Write<'a>(Result<(), ExportError>, &'a Config);
    impl TypeVisitor for Write<'_> {
        fn visit<T: TS + 'static + ?Sized>(&mut self) {
            if self.0.is_err() {
                return;
            }
            if T::output_path().is_some() {
                self.0 = T::export_all(self.1);
            } else {
                T::visit_generics(self);
            }
        }
    }
    let mut written = Write(Ok(()), config);
    written.visit::<T>();
    T::visit_generics(&mut written);
    written.0
}

/// The source of `commands.ts`.
pub(crate) fn commands_source(imports: &BTreeSet<String>, lines: &str) -> String {
    let imports: String =
        imports.iter().map(|name| format!("import type {{ {name} }} from \"./{name}\";\n")).collect();
    format!(
        "// Generated from the command list in Rust; `cargo run -p xtask -- bindings` writes it anew.\n\n{imports}\n\
         /** Every command: its request, its answer, and the rooms it changes. */\nexport interface Commands {{\n{lines}}}\n"
    )
}
