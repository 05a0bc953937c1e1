fn main() -> std::process::ExitCode {
    headstamp::cli::main()
}
