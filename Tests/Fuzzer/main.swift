// The fuzzer: `fuzzer --target=NAME [libFuzzer's options] [corpus]`. Only Scripts/fuzz builds it, since it needs libFuzzer.
import FuzzTargets
import Glibc

/// libFuzzer's driver, for which there is no header; it lets arguments that begin with two hyphens pass.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ take: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

let option = "--target="
let name = CommandLine.arguments.first { $0.hasPrefix(option) }?.dropFirst(option.count)
guard let target = name.flatMap({ FuzzTarget.named(String($0)) }) else {
    print("usage: fuzzer --target=NAME [libFuzzer's options] [corpus]; names, longest inputs, and what they are:")
    for target in FuzzTarget.all { print("  \(target.name) \(target.limit) \(target.what)") }
    exit(64)
}
take = target.run
signal(SIGPIPE, SIG_IGN)
var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runDriver(&count, &arguments) { hand($0, $1) })
