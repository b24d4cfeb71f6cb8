// ResponsibilityTests
