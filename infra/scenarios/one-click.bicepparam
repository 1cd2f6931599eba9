// What somebody gets who fills in nothing but the package.
using '../main.bicep'

param packageUri = 'https://example.org/v1.0.0/released-package.zip'
