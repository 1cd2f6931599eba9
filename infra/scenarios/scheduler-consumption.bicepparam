// Durable Task Scheduler, paid per action.
using '../main.bicep'

param packageUri = 'https://example.org/durable-aci.zip'
param durableBackend = 'DurableTaskScheduler'
