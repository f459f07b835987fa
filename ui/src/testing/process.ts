/** A small approval process with its diagram, for tests. */
const shapes: [id: string, x: number, y: number, w: number, h: number][] = [
  ['start', 160, 92, 36, 36],
  ['metadata', 250, 70, 110, 80],
  ['approve', 420, 70, 110, 80],
  ['decide', 590, 85, 50, 50],
  ['build', 700, 70, 110, 80],
  ['bucket', 870, 70, 110, 80],
  ['migrate', 1040, 70, 110, 80],
  ['refused', 700, 210, 110, 80],
  ['end', 1210, 92, 36, 36],
];
const flows: [id: string, from: string, to: string, name: string, points: [number, number][]][] = [
  ['f1', 'start', 'metadata', '', [[196, 110], [250, 110]]],
  ['f2', 'metadata', 'approve', '', [[360, 110], [420, 110]]],
  ['f3', 'approve', 'decide', '', [[530, 110], [590, 110]]],
  ['f4', 'decide', 'build', 'approved', [[640, 110], [700, 110]]],
  ['f5', 'decide', 'refused', 'not approved', [[615, 135], [615, 250], [700, 250]]],
  ['f6', 'build', 'bucket', '', [[810, 110], [870, 110]]],
  ['f7', 'bucket', 'migrate', '', [[980, 110], [1040, 110]]],
  ['f8', 'migrate', 'end', '', [[1150, 110], [1210, 110]]],
  ['f9', 'refused', 'end', '', [[810, 250], [1228, 250], [1228, 128]]],
];

export const PROCESS = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" targetNamespace="http://example.org/process">
  <process id="process" isExecutable="true">
    <startEvent id="start" name="Start"/>
    <serviceTask id="metadata" name="Get project metadata"/>
    <userTask id="approve" name="[Validator] Approve model champion"/>
    <exclusiveGateway id="decide"/>
    <serviceTask id="build" name="Build Model Contents"/>
    <userTask id="bucket" name="[IT] Provide GCP bucket name"/>
    <serviceTask id="migrate" name="Migrate to GCP"/>
    <serviceTask id="refused" name="Tell the modeler"/>
    <endEvent id="end" name="End"/>
    ${flows.map(([id, from, to, name]) => `<sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}"${name ? ` name="${name}"` : ''}/>`).join('\n    ')}
  </process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="process">
    ${shapes.map(([id, x, y, w, h]) => `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"><dc:Bounds x="${x}" y="${y}" width="${w}" height="${h}"/></bpmndi:BPMNShape>`).join('\n    ')}
    ${flows.map(([id, , , , points]) => `<bpmndi:BPMNEdge id="${id}_di" bpmnElement="${id}">${points.map(([x, y]) => `<di:waypoint x="${x}" y="${y}"/>`).join('')}</bpmndi:BPMNEdge>`).join('\n    ')}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>`;
