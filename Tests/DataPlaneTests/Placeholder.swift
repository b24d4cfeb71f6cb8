// DataPlaneTests
