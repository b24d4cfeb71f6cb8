import Glibc
import Planning

/// Asks the operator.
enum PlanPrompt {
    /// Whether the operator types "yes".
    ///
    /// - Throws: `CommandError` when nobody is there to be asked.
    static func confirms(_ plan: Plan) throws(CommandError) -> Bool {
        guard Console.canAsk else {
            throw CommandError("standard input is no terminal, so nobody can say yes: add --yes, or --dry-run")
        }
        Console.print("\nType yes to carry this out: ")
        return readLine()?.lowercased() == "yes"
    }
}
