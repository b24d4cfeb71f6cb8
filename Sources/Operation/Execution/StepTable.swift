import ClusterModel
import Planning

/// The steps of a plan that is carried out, in order and by name, each with how far it has come.
public struct StepTable: RandomAccessCollection, Sendable {
    private var list: [StepStatus] = []
    private var places: [StepID: Int] = [:]

    /// A table of steps that wait.
    init(_ steps: [PlanStep]) { for step in steps { append(StepStatus(step)) } }

    /// The place of the first step.
    public var startIndex: Int { 0 }
    /// The place behind the last step.
    public var endIndex: Int { list.count }

    /// The step at a place.
    public internal(set) subscript(place: Int) -> StepStatus {
        get { list[place] }
        set { list[place] = newValue }
    }

    /// The step of a name; nil when there is none.
    public subscript(id: StepID) -> StepStatus? { places[id].map { list[$0] } }

    /// Adds a step behind the others; one of its name stays as it is.
    mutating func append(_ status: StepStatus) {
        guard places[status.id] == nil else { return }
        places[status.id] = list.count
        list.append(status)
    }

    /// Sets how far a step has come.
    mutating func set(_ id: StepID, _ progress: StepProgress) {
        if let place = places[id] { list[place].progress = progress }
    }

    /// Sets how far every step has come.
    mutating func setAll(_ progress: StepProgress) { for place in list.indices { list[place].progress = progress } }

    /// Sets the changes that a step makes.
    mutating func set(_ id: StepID, changes: [StepRequest.Change]) {
        if let place = places[id] { list[place].step.changes = changes }
    }

    /// Whether every step is over.
    public var isOver: Bool { list.allSatisfy(\.progress.isOver) }

    /// Whether a step was done.
    func isDone(_ id: StepID) -> Bool { self[id]?.progress == .done }

    /// Whether a step's needs are done, and what it waits for is over.
    func isReady(_ step: PlanStep) -> Bool {
        step.needs.allSatisfy(isDone) && step.waits.allSatisfy { self[$0]?.progress.isOver != false }
    }
}
