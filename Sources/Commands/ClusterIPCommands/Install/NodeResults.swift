import AgentProtocol

/// What each of several nodes answered to the same call.
struct NodeResults {
    private let results: [(name: String, result: Result<AgentResult, AgentFailure>)]

    init(_ results: [(name: String, result: Result<AgentResult, AgentFailure>)]) { self.results = results }

    /// Prints a line a node and says how it went as a whole.
    func report(_ success: (String) -> String) -> ExitStatus {
        var failures = 0
        for (name, result) in results {
            switch result {
            case .success: Console.print(success(name) + "\n")
            case .failure(let failure):
                failures += 1
                Console.complain("\(name): \(failure.message)")
            }
        }
        return failures == 0 ? .done : failures == results.count ? .failed : .partly
    }
}
