import ClusterModel
import Planning

/// The steps of a plan that is carried out, in order and by name, each with how far it has come.
public struct StepTable: RandomAccessCollection, Sendable {
    /// Up to so many steps are looked for one by one, which is faster than by their names' hashes.
    private static let few = 24

    private var steps: [PlanStep] = []
    private var progress: [StepProgress] = []
    private var places: [StepID: Int] = [:]

    /// A table of steps that wait.
    init(_ steps: [PlanStep]) {
        self.steps.reserveCapacity(steps.count + 4)
        for step in steps { append(step) }
    }

    /// The place of the first step.
    public var startIndex: Int { 0 }
    /// The place behind the last step.
    public var endIndex: Int { steps.count }

    /// The step at a place.
    public subscript(place: Int) -> StepStatus { StepStatus(steps[place], progress[place]) }

    /// The step of a name; nil when there is none.
    public subscript(id: StepID) -> StepStatus? { place(of: id).map { self[$0] } }

    /// How far a step has come; nil when there is none of that name.
    public func progress(of id: StepID) -> StepProgress? { place(of: id).map { progress[$0] } }

    /// Whether every step is over.
    public var isOver: Bool { progress.allSatisfy(\.isOver) }

    private func place(of id: StepID) -> Int? {
        steps.count > Self.few ? places[id] : steps.firstIndex { $0.id == id }
    }

    /// Adds a step behind the others; one of its name stays as it is.
    mutating func append(_ step: PlanStep, _ progress: StepProgress = .waiting) {
        guard place(of: step.id) == nil else { return }
        steps.append(step)
        self.progress.append(progress)
        if steps.count > Self.few { notePlaces() }
    }

    private mutating func notePlaces() {
        for place in places.count..<steps.count { places[steps[place].id] = place }
    }

    /// Sets how far a step has come.
    mutating func set(_ id: StepID, _ progress: StepProgress) {
        if let place = place(of: id) { self.progress[place] = progress }
    }

    /// Skips every step that has not been sent.
    mutating func skipWaiting(_ failure: StepFailure) {
        progress = progress.map { $0 == .waiting ? .skipped(failure) : $0 }
    }

    /// Sets the changes that a step makes.
    mutating func set(_ id: StepID, changes: [StepRequest.Change]) {
        if let place = place(of: id) { steps[place].changes = changes }
    }

    /// The names of the steps that have come so far, in order; nil: steps of every role.
    func ids(of role: StepRole? = nil, where hasCome: (StepProgress) -> Bool) -> [StepID] {
        var ids: [StepID] = []
        for place in steps.indices where role == nil || steps[place].role == role {
            if hasCome(progress[place]) { ids.append(steps[place].id) }
        }
        return ids
    }

    /// Whether a step's needs are done, and what it waits for is over.
    func isReady(_ step: PlanStep) -> Bool {
        step.needs.allSatisfy { progress(of: $0) == .done }
            && step.waits.allSatisfy { progress(of: $0)?.isOver != false }
    }
}
