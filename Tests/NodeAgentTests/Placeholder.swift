// NodeAgentTests
