// Durable Task Scheduler, paid per action.
using '../main.bicep'

param packageUri = 'https://example.org/v1.0.0/released-package.zip'
param durableBackend = 'DurableTaskScheduler'
