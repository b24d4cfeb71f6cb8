import Journal
import Lab

extension Journal {
    /// The journal of a cluster, or the one meant when none is named.
    ///
    /// What is done in a lab is written down in the lab's own directory and ends with it, unless `XDG_STATE_HOME` says
    /// where state is to be kept; everything else is in the user's journal.
    static func place(cluster: String? = nil) -> Journal {
        if Files.environment("XDG_STATE_HOME") == nil, let lab = Lab.find(), cluster == nil || cluster == "lab" {
            return Journal(path: lab.directory + "/journal.sqlite")
        }
        return Journal(path: standardPath)
    }
}
