import { createRoot } from 'react-dom/client'
import { Leads } from './leads'

const element = document.getElementById('root')
if (element) createRoot(element).render(<Leads stage="new" />)
