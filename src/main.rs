//! The program: everything it does is in the library.

/// Reading photographs takes and frees large pieces of memory on several threads; the system's allocator keeps what falls
/// between them, and a long batch grows.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    headstamp::cli::main()
}
