const button = document.getElementById('race')
const result = document.getElementById('result')

button?.addEventListener('click', async () => {
  button.disabled = true
  result.textContent = 'Calling …'
  const began = performance.now()
  const calls = await Promise.all(Array.from({ length: 30 }, () => fetch('/calls').then((response) => response.json())))
  const took = Math.round(performance.now() - began)
  const worked = calls.filter(({ status }) => status === 200)
  const places = ['east', 'west'].map((place) => {
    const own = worked.filter((call) => call.place === place)
    const renewals = Math.max(0, ...own.map((call) => call.renewals))
    const often = ['never', 'once'][renewals] ?? `${renewals} times`
    return `${own.length} by ${place}, which has renewed the token ${often}`
  })
  result.textContent = `${worked.length} of 30 calls worked in ${took} ms: ${places.join('; ')}.`
  button.disabled = false
})
