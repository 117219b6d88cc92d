// World: the state of the make-believe editor, and a record of what was asked of it.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using UnityEditor;
using UnityEngine;
using UnityEngine.Rendering;

[assembly: InternalsVisibleTo("Skyloom.Editor.Tests")]
[assembly: InternalsVisibleTo("UnityHdrpStubs")]

namespace UnityFakes
{
    /// <summary>One project, one scene, one process; see Assets for the files and UndoStack for the steps back.</summary>
    public static class World
    {
        // The properties that Unity's three skybox shaders have.
        private static readonly Dictionary<string, string[]> Shaders = new Dictionary<string, string[]>
        {
            {
                "Skybox/Panoramic",
                new[] { "_Tint", "_Exposure", "_Rotation", "_MainTex", "_Mapping", "_ImageType", "_MirrorOnBack", "_Layout" }
            },
            {
                "Skybox/6 Sided",
                new[]
                {
                    "_Tint", "_Exposure", "_Rotation", "_FrontTex", "_BackTex", "_LeftTex", "_RightTex", "_UpTex", "_DownTex",
                }
            },
            { "Skybox/Cubemap", new[] { "_Tint", "_Exposure", "_Rotation", "_Tex" } },
        };

        private static readonly Dictionary<string, Shader> Found = new Dictionary<string, Shader>();
        private static readonly Dictionary<Type, ScriptableObject> Singletons = new Dictionary<Type, ScriptableObject>();

        /// <summary>Every object that lives.</summary>
        public static readonly List<UnityEngine.Object> Objects = new List<UnityEngine.Object>();

        /// <summary>What was asked, in order.</summary>
        public static readonly List<string> Notes = new List<string>();

        /// <summary>What was logged: level and message.</summary>
        public static readonly List<(string Level, string Message)> Log = new List<(string, string)>();

        /// <summary>Called with each line that is logged.</summary>
        public static Action<string, string> Logged { get; set; } = (level, message) => { };

        /// <summary>Called some fifty times a second while the editor is idle, on the main thread.</summary>
        public static Action Tick { get; set; } = () => { };

        /// <summary>Called by EditorApplication.Exit.</summary>
        public static Action<int> Exit { get; set; } = code => Note("Exit " + code);

        public static string Project { get; set; } = Directory.GetCurrentDirectory();

        public static bool BatchMode { get; set; }

        public static bool NoGraphics { get; set; }

        public static bool Playing { get; set; }

        public static ColorSpace ColorSpace { get; set; } = ColorSpace.Linear;

        public static RenderPipelineAsset Pipeline { get; set; }

        public static FakeScene Scene { get; } = new FakeScene();

        public static RenderSettings RenderSettings { get; } =
            (RenderSettings)Activator.CreateInstance(typeof(RenderSettings), true);

        public static void Note(string what) => Notes.Add(what);

        public static void Say(string level, object message)
        {
            Log.Add((level, message.ToString()));
            Logged(level, message.ToString());
        }

        public static Shader ShaderNamed(string name)
        {
            if (!Shaders.ContainsKey(name))
            {
                return null;
            }
            if (!Found.TryGetValue(name, out Shader shader))
            {
                Found[name] = shader = new Shader { name = name };
            }
            return shader;
        }

        public static bool HasProperty(Shader shader, string name) => Shaders[shader.name].Contains(name);

        // Unity only warns of a property that a shader lacks; here it is a fault.
        public static string PropertyOf(Shader shader, string name) =>
            HasProperty(shader, name) ? name : throw new ArgumentException($"{shader.name} has no {name}");

        public static ScriptableObject SingletonOf(Type type)
        {
            if (!Singletons.TryGetValue(type, out ScriptableObject single))
            {
                Singletons[type] = single = ScriptableObject.CreateInstance(type);
                string path = FileOf(type);
                if (File.Exists(path))
                {
                    Serializer.Read(single, File.ReadAllText(path));
                }
            }
            return single;
        }

        public static void ForgetSingletons() => Singletons.Clear();

        public static void StoreSingleton(ScriptableObject single)
        {
            string path = FileOf(single.GetType());
            Directory.CreateDirectory(Path.GetDirectoryName(path));
            File.WriteAllText(path, Serializer.Write(single));
            Note("Save " + path.Substring(Project.TrimEnd('/').Length + 1));
        }

        private static string FileOf(Type type) => Path.Combine(Project, (type.GetCustomAttribute<FilePathAttribute>()
            ?? throw new InvalidOperationException(type + " has no FilePath")).Path);

        public static IEnumerable<FieldInfo> FieldsOf(Type type)
        {
            const BindingFlags Own =
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            for (; type != null && type != typeof(object); type = type.BaseType)
            {
                foreach (var field in type.GetFields(Own))
                {
                    yield return field;
                }
            }
        }
    }

    /// <summary>The active scene.</summary>
    public sealed class FakeScene
    {
        public string Path { get; set; } = "Assets/Scene.unity";

        public List<GameObject> Roots { get; } = new List<GameObject>();

        public GameObject[] Living() => Roots.Where(root => root).ToArray();
    }
}
