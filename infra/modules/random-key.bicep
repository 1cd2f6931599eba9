metadata description = 'Makes random keys out of random GUIDs, because templates have no other source of chance.'

@description('The value of a hexadecimal digit.')
func valueOf(hexDigit string) int => indexOf('0123456789abcdef', hexDigit)

@description('The base64 digit of a value from 0 to 63.')
func base64Digit(value int) string =>
  substring('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', value, 1)

@description('The 30 random digits of a version 4 GUID: its version and its variant (RFC 9562, section 5.4) are not random.')
func randomDigits(guid string) string =>
  '${substring(guid, 0, 8)}${substring(guid, 9, 4)}${substring(guid, 15, 3)}${substring(guid, 20, 3)}${substring(guid, 24, 12)}'

@description('Writes the first 86 of some hexadecimal digits as the base64 of 32 bytes: 42 digits of 6 bits, the last of 4.')
func base64Of32Bytes(digits string) string =>
  '${join(map(range(0, 42), i => base64Digit((valueOf(substring(digits, 2 * i, 1)) % 4) * 16 + valueOf(substring(digits, 2 * i + 1, 1)))), '')}${base64Digit(valueOf(substring(digits, 84, 1)) * 4)}='

@export()
@description('The base64 of 32 random bytes (256 bits), out of three GUIDs of the form that newGuid() gives, one after another.')
func randomKey(guids string) string =>
  base64Of32Bytes('${randomDigits(substring(guids, 0, 36))}${randomDigits(substring(guids, 36, 36))}${randomDigits(substring(guids, 72, 36))}')
